import type { RetrievalTrace } from '@parley/contracts';
import { onScopeDispose, ref, shallowRef } from 'vue';
import * as retrievalApi from '../../api/retrieval.ts';

/** Tries of one base's search: the last one with its hits, and the queries before. */
export function useRetrievalTest(baseId: string) {
  const query = ref('');
  const limit = ref(10);
  const status = shallowRef<'ready' | 'submitted' | 'error'>('ready');
  const trace = shallowRef<RetrievalTrace | null>(null);
  const error = shallowRef<unknown>(null);
  const history = shallowRef<retrievalApi.PastSearch[]>([]);
  let asking = new AbortController();

  async function run(): Promise<void> {
    const wanted = query.value.trim();
    if (wanted === '') return;
    asking.abort();
    const { signal } = (asking = new AbortController());
    status.value = 'submitted';
    try {
      const found = await retrievalApi.searchBases({ base_ids: [baseId], query: wanted, limit: limit.value }, signal);
      if (signal.aborted) return;
      trace.value = found;
      status.value = 'ready';
      await loadHistory();
    } catch (thrown) {
      if (signal.aborted) return;
      error.value = thrown;
      status.value = 'error';
    }
  }

  async function again(past: string): Promise<void> {
    query.value = past;
    await run();
  }

  async function loadHistory(): Promise<void> {
    // A history that could not be read is only missing beside the hits.
    history.value = await retrievalApi.listSearches(baseId).catch(() => history.value);
  }

  void loadHistory();
  onScopeDispose(() => asking.abort());

  return { query, limit, status, trace, error, history, run, again };
}
