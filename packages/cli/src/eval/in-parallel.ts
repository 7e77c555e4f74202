import { ParleyError } from '@parley/contracts';

export interface ParallelOptions<Item, Result> {
  /** Items that are worked on at the same time. */
  count: number;
  signal: AbortSignal;
  work: (item: Item) => Promise<Result>;
  /** Hears how many are done. */
  onDone: (done: number) => void;
}

/** Works on items and answers the results in their order. When `signal` aborts, those that were done. Throws what `work` throws. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  { count, signal, work, onDone }: ParallelOptions<Item, Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const waiting = items.entries();
  const failed = new AbortController();
  const lane = async () => {
    for (const [place, item] of waiting) {
      if (signal.aborted || failed.signal.aborted) return;
      const result = await work(item);
      // What was stopped half way says nothing.
      if (signal.aborted) return;
      results.set(place, result);
      onDone(results.size);
    }
  };
  const lanes = Array.from({ length: count }, () => lane().catch(giveUp));
  await Promise.all(lanes);
  return [...results].toSorted(([one], [other]) => one - other).map(([, result]) => result);

  function giveUp(error: unknown): void {
    const isStopped = signal.aborted && error instanceof ParleyError && error.code === 'request_aborted';
    if (isStopped) return;
    failed.abort();
    throw error;
  }
}
