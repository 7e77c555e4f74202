import { computed, onBeforeUnmount, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { MAX_TITLE_LENGTH, type ChatEvent } from '@parley/contracts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { useConversations } from '../stores/conversations.ts';
import { useChatStream } from './use-chat-stream.ts';
import { useModelChoice } from './use-model-choice.ts';
import { useOpenConversation } from './use-open-conversation.ts';

/** The conversation that the address names: its messages, its model, and what the reader can do in it. */
export function useConversation() {
  const route = useRoute();
  const router = useRouter();
  const conversations = useConversations();
  const chat = useChatStream(onEvent);
  const { openId, load, open, adopt, reload } = useOpenConversation(chat.open);
  const model = useModelChoice(computed(() => chat.lastAnswer.value?.model ?? null));
  let firstWords = '';

  function onEvent(event: ChatEvent): void {
    if (event.type === 'start') begin(event.conversation_id);
    if (event.type === 'title') conversations.upsert({ id: event.conversation_id, title: event.title });
    if (event.type === 'done' && openId.value !== null) conversations.upsert({ id: openId.value, is_running: false });
  }

  function begin(id: string): void {
    const now = Date.now();
    if (openId.value !== null) return conversations.upsert({ id, is_running: true, updated_at: now });
    adopt(id);
    void router.replace({ name: 'conversation', params: { id } });
    conversations.upsert({ id, title: firstWords, created_at: now, updated_at: now, is_running: true });
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

  watch(openId, model.forget);
  watch(
    () => route.params['id'],
    (id) => void open(typeof id === 'string' ? id : null),
    { immediate: true },
  );
  onBeforeUnmount(chat.leave);

  return { ...chat, openId, load, model, ask, edit, regenerate, reload, startNew };
}
