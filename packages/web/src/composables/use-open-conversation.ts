import { onBeforeUnmount, shallowRef } from 'vue';
import type { Message } from '@parley/contracts';
import { listMessages } from '../api/conversations.ts';

export type LoadState = { status: 'ready' | 'loading' } | { status: 'failed'; error: unknown };

/** Which conversation is open (null: a new one), and the loading of its messages. */
export function useOpenConversation(show: (messages: readonly Message[]) => void) {
  const openId = shallowRef<string | null>(null);
  const load = shallowRef<LoadState>({ status: 'ready' });
  let loading = new AbortController();

  async function open(id: string | null): Promise<void> {
    if (id === openId.value && load.value.status === 'ready') return;
    loading.abort();
    const { signal } = (loading = new AbortController());
    openId.value = id;
    show([]);
    load.value = { status: id === null ? 'ready' : 'loading' };
    if (id === null) return;
    try {
      show(await listMessages(id, signal));
      load.value = { status: 'ready' };
    } catch (error) {
      if (!signal.aborted) load.value = { status: 'failed', error };
    }
  }

  /** The new conversation has got its id; what is shown of it stays. */
  function adopt(id: string): void {
    openId.value = id;
  }

  onBeforeUnmount(() => loading.abort());

  return { openId, load, open, adopt, reload: () => open(openId.value) };
}
