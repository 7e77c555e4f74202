import type { DispatchPolicy } from './dispatch-policy.ts';
import { lottery } from './lottery.ts';
import { shortestQueue } from './shortest-queue.ts';

const policies: readonly DispatchPolicy[] = [shortestQueue, lottery];

/** The policy of that name; the settings' schema knows the same names. */
export function findPolicy(name: DispatchPolicy['name']): DispatchPolicy {
  return policies.find((policy) => policy.name === name) ?? shortestQueue;
}
