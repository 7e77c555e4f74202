import { availableParallelism } from 'node:os';

/**
 * Threads to compute with. llama.cpp's threads spin while they wait for each other, so that one more
 * than there are cores makes it hundreds of times slower: never more than the real cores, of those
 * that this process may use, and one is left to the rest of the house.
 */
export function threadCount(
  wanted: number | null | undefined,
  physicalCores: number,
  usable: number = availableParallelism(),
): number {
  return wanted ?? Math.max(1, Math.min(physicalCores, usable) - 1);
}
