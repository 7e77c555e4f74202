import type { ControllerConfig } from '../config.ts';

/** A worker that could take the request, as a policy sees it. */
export interface Candidate {
  /** Requests in it: its own leases, or what it reported, whichever is more. */
  load: number;
  /** Relative speed, positive. */
  speed: number;
  /** Order of the last dispatch to it; 0 before the first. */
  lastUsed: number;
}

/** A pure choice among candidates, found by its name in the list. */
export interface DispatchPolicy {
  name: ControllerConfig['dispatch_method'];
  /** `random` answers numbers in [0, 1). Null when there are no candidates. */
  pick<Choice extends Candidate>(candidates: readonly Choice[], random: () => number): Choice | null;
}
