import type { Candidate, DispatchPolicy } from './dispatch-policy.ts';

/** Least load for its speed; equal ones take turns, so that no worker runs hot while its twin idles. */
export const shortestQueue: DispatchPolicy = {
  name: 'shortest_queue',
  pick(candidates) {
    let best = null;
    for (const candidate of candidates) {
      if (best === null || isShorter(candidate, best)) best = candidate;
    }
    return best;
  },
};

function isShorter(left: Candidate, right: Candidate): boolean {
  const difference = left.load / left.speed - right.load / right.speed;
  return difference === 0 ? left.lastUsed < right.lastUsed : difference < 0;
}
