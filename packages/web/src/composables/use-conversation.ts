import { computed, onBeforeUnmount, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { ChatEvent } from '@parley/contracts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { useConversations } from '../stores/conversations.ts';
import { useBaseChoice } from './chat-knowledge/use-base-choice.ts';
import { useFilesBase } from './chat-knowledge/use-files-base.ts';
import type { Question } from './use-asking.ts';
import { useBeginning } from './use-beginning.ts';
import { useChatStream } from './use-chat-stream.ts';
import { useFeedback } from './use-feedback.ts';
import { useModelChoice } from './use-model-choice.ts';
import { useOpenConversation } from './use-open-conversation.ts';

/** The conversation that the address names: its messages, model, knowledge, and what the reader can do in it. */
export function useConversation() {
  const route = useRoute();
  const router = useRouter();
  const conversations = useConversations();
  const chat = useChatStream(onEvent);
  const opened = useOpenConversation(chat.open);
  const { openId, conversation, visit, load, open, reload } = opened;
  const model = useModelChoice(computed(() => chat.lastAnswer.value?.model ?? null));
  const bases = useBaseChoice(openId, conversation);
  const { begin, adopt } = useBeginning(opened, bases);
  const filesBase = useFilesBase(opened, adopt);

  function onEvent(event: ChatEvent, asked: Question | null): void {
    if (event.type === 'start') begin(event.conversation_id, asked);
    if (event.type === 'title') conversations.upsert({ id: event.conversation_id, title: event.title });
    if (event.type === 'done' && openId.value !== null) conversations.upsert({ id: openId.value, is_running: false });
  }

  const answerBy = () => ({ model: model.selected.value?.name ?? null, bases: bases.toSend() });

  function ask(text: string, parentId: string | null = chat.lastAnswer.value?.id ?? null): void {
    void chat.send({ text, ...answerBy(), conversationId: openId.value, parentId });
  }

  /** An empty page, also where the address is that of a new chat already. */
  function startNew(): void {
    if (openId.value === null) chat.open([]);
    void router.push({ name: 'new-chat' });
  }

  const regenerate = (answer: ShownMessage) => void chat.regenerate(answer, answerBy());
  const rate = useFeedback(chat.update);
  const edit = (question: ShownMessage, text: string) => ask(text, question.parent_id);

  watch(openId, model.forget);
  watch(
    () => route.params['id'],
    (id) => void open(typeof id === 'string' ? id : null),
    { immediate: true },
  );
  onBeforeUnmount(chat.leave);

  const shown = { openId, conversation, visit, load, model, bases, filesBase };
  return { ...chat, ...shown, ask, edit, regenerate, rate, reload, startNew };
}
