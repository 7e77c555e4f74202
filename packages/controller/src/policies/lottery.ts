import type { DispatchPolicy } from './dispatch-policy.ts';

/** By chance: a worker of speed 2 has two tickets where one of speed 1 has one. */
export const lottery: DispatchPolicy = {
  name: 'lottery',
  pick(candidates, random) {
    const tickets = candidates.reduce((sum, { speed }) => sum + speed, 0);
    let drawn = random() * tickets;
    for (const candidate of candidates) {
      drawn -= candidate.speed;
      if (drawn < 0) return candidate;
    }
    // Rounding can leave a crumb over after the last ticket.
    return candidates.at(-1) ?? null;
  },
};
