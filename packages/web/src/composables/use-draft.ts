import { ref, watch, type Ref } from 'vue';
import { recall, remember } from '../stores/browser-storage.ts';

/** Longer drafts are not kept: the storage of a browser is small, and shared by all conversations. */
const LONGEST_DRAFT = 100_000;
/** What the keys of drafts begin with. */
export const DRAFTS = 'draft.';
const keyOf = (conversationId: string | null) => `${DRAFTS}${conversationId ?? 'new'}`;

/** What is typed and not yet sent, kept for each conversation in this browser. */
export function useDraft(conversationId: Readonly<Ref<string | null>>): Ref<string> {
  const draft = ref(recall(keyOf(conversationId.value)) ?? '');

  // Synchronous, so that a draft is never written under the conversation that was opened after it.
  watch(
    draft,
    (text) => remember(keyOf(conversationId.value), text.trim() === '' ? null : text.slice(0, LONGEST_DRAFT)),
    {
      flush: 'sync',
    },
  );
  watch(
    conversationId,
    (id, before) => {
      // A new conversation that has just got its id keeps what is being typed meanwhile.
      if (before === null && draft.value !== '' && id !== null && recall(keyOf(id)) === null) return moveTo(id);
      draft.value = recall(keyOf(id)) ?? '';
    },
    { flush: 'sync' },
  );

  function moveTo(id: string): void {
    remember(keyOf(null), null);
    remember(keyOf(id), draft.value);
  }

  return draft;
}
