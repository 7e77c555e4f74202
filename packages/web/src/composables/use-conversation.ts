import { computed, onBeforeUnmount, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { MAX_TITLE_LENGTH, type ChatEvent } from '@parley/contracts';
import { listMessages } from '../api/conversations.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { useConversations } from '../stores/conversations.ts';
import { useChatStream } from './use-chat-stream.ts';
import { useModelChoice } from './use-model-choice.ts';

export type LoadState = { status: 'ready' | 'loading' } | { status: 'failed'; error: unknown };

/** The conversation that the address names: its messages, its model, and what the reader can do in it. */
export function useConversation() {
  const route = useRoute();
  const router = useRouter();
  const conversations = useConversations();
  const openId = shallowRef<string | null>(null);
  const load = shallowRef<LoadState>({ status: 'ready' });
  const chat = useChatStream(onEvent);
  const lastModel = computed(() => chat.lastAnswer.value?.model ?? null);
  const model = useModelChoice(lastModel);
  let loading = new AbortController();
  let firstWords = '';

  function onEvent(event: ChatEvent): void {
    if (event.type === 'start') began(event.conversation_id);
    if (event.type === 'title') conversations.upsert({ id: event.conversation_id, title: event.title });
    if (event.type === 'done' && openId.value !== null) conversations.upsert({ id: openId.value, is_running: false });
  }

  function began(id: string): void {
    const now = Date.now();
    if (openId.value === null) {
      openId.value = id;
      void router.replace({ name: 'conversation', params: { id } });
      conversations.upsert({ id, title: firstWords, created_at: now, updated_at: now, is_running: true });
    } else conversations.upsert({ id, is_running: true, updated_at: now });
  }

  async function open(id: string | null): Promise<void> {
    if (id === openId.value && load.value.status === 'ready') return;
    loading.abort();
    const { signal } = (loading = new AbortController());
    openId.value = id;
    model.forget();
    chat.open([]);
    load.value = { status: id === null ? 'ready' : 'loading' };
    if (id === null) return;
    try {
      chat.open(await listMessages(id, signal));
      load.value = { status: 'ready' };
    } catch (error) {
      if (!signal.aborted) load.value = { status: 'failed', error };
    }
  }

  function ask(text: string, parentId: string | null = chat.lastAnswer.value?.id ?? null): void {
    firstWords = text.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_TITLE_LENGTH);
    void chat.send({ text, model: model.selected.value?.name ?? null, conversationId: openId.value, parentId });
  }

  /** An empty page, also where the address is that of a new chat already. */
  function startNew(): void {
    if (openId.value === null) chat.open([]);
    void router.push({ name: 'new-chat' });
  }

  const regenerate = (answer: ShownMessage) => void chat.regenerate(answer, model.selected.value?.name ?? null);
  const edit = (question: ShownMessage, text: string) => ask(text, question.parent_id);
  const reload = () => open(openId.value);

  watch(
    () => route.params['id'],
    (id) => void open(typeof id === 'string' ? id : null),
    { immediate: true },
  );
  onBeforeUnmount(() => {
    loading.abort();
    chat.leave();
  });

  return { ...chat, openId, load, model, ask, edit, regenerate, reload, startNew };
}
