import type { Candidate } from './dispatch-policy.ts';

/**
 * How many more requests a worker of speed 1 may have than the one that a policy picked, and still be
 * preferred. Reading a long prompt anew costs less than waiting behind many others, and one worker
 * must not melt while its twin idles.
 */
const MAX_EXTRA_LOAD = 2;

/** The holder of the prompt's beginning in place of the policy's pick, unless it is too busy. */
export function preferHolder<Choice extends Candidate>(pick: Choice | null, holder: Choice | undefined): Choice | null {
  if (pick === null || holder === undefined) return pick;
  return holder.load / holder.speed <= pick.load / pick.speed + MAX_EXTRA_LOAD ? holder : pick;
}
