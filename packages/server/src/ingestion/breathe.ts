import { setImmediate } from 'node:timers/promises';

/**
 * Lets everybody else have a turn. SQLite answers at once, so that a loop of queries that only
 * awaits them holds the event loop from its first to its last.
 */
export async function breathe(): Promise<void> {
  await setImmediate();
}

/** Does one bounded piece of work after the other, everybody else in between, until one says that nothing was left. */
export async function inSlices(slice: () => Promise<boolean>): Promise<void> {
  while (await slice()) await breathe();
}
