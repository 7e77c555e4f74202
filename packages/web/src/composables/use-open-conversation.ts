import { onBeforeUnmount, shallowRef } from 'vue';
import type { Conversation, Message } from '@parley/contracts';
import { listMessages, readConversation } from '../api/conversations.ts';

export type LoadState = { status: 'ready' | 'loading' } | { status: 'failed'; error: unknown };

/** Which conversation is open (null: a new one), and the loading of what stands in it. */
export function useOpenConversation(show: (messages: readonly Message[]) => void) {
  const openId = shallowRef<string | null>(null);
  const conversation = shallowRef<Conversation | null>(null);
  /** Counts up when the reader goes to another conversation; not when a new one gets its id. */
  const visit = shallowRef(0);
  const load = shallowRef<LoadState>({ status: 'ready' });
  let loading = new AbortController();

  async function open(id: string | null): Promise<void> {
    if (id === openId.value && load.value.status === 'ready') return;
    loading.abort();
    const { signal } = (loading = new AbortController());
    openId.value = id;
    conversation.value = null;
    visit.value += 1;
    show([]);
    load.value = { status: id === null ? 'ready' : 'loading' };
    if (id === null) return;
    try {
      const [messages, opened] = await Promise.all([listMessages(id, signal), readConversation(id, signal)]);
      conversation.value = opened;
      show(messages);
      load.value = { status: 'ready' };
    } catch (error) {
      if (!signal.aborted) load.value = { status: 'failed', error };
    }
  }

  /** The new conversation has got its id; what is shown of it stays. */
  function adopt(created: Conversation): void {
    openId.value = created.id;
    conversation.value = created;
  }

  function change(part: Partial<Conversation>): void {
    if (conversation.value !== null) conversation.value = { ...conversation.value, ...part };
  }

  onBeforeUnmount(() => loading.abort());

  return { openId, conversation, visit, load, open, adopt, change, reload: () => open(openId.value) };
}
