import type { Conversation } from '@parley/contracts';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { recall, remember } from '../../stores/browser-storage.ts';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';
import { DRAFTS } from '../use-draft.ts';

const keyOf = (conversationId: string | null) => `${DRAFTS}bases.${conversationId ?? 'new'}`;

/**
 * The knowledge bases that the next question is answered from: those that its conversation
 * remembers, until the reader chooses others. A choice that no question was asked with is a draft,
 * kept in this browser.
 */
export function useBaseChoice(
  openId: Readonly<Ref<string | null>>,
  conversation: Readonly<Ref<Pick<Conversation, 'knowledge_bases'> | null>>,
) {
  const bases = useKnowledgeBases();
  const changed = shallowRef<string[] | null>(recallChoice(openId.value));
  const remembered = computed(() => conversation.value?.knowledge_bases ?? []);
  /** What was shared may be shared no longer: the server would refuse a question that names it. */
  const isThere = (id: string) => bases.status !== 'loaded' || bases.find(id) !== null;
  const chosen = computed(() => (changed.value ?? remembered.value).filter(isThere));

  function choose(ids: readonly string[]): void {
    changed.value = isSame(ids, remembered.value) ? null : [...ids];
    remember(keyOf(openId.value), changed.value && JSON.stringify(changed.value));
  }

  /** What a question must say of its bases; null: as the conversation remembers. */
  const toSend = (): string[] | null => (isSame(chosen.value, remembered.value) ? null : chosen.value);

  /** A question was taken with these; the conversation remembers them from now on. */
  function wereStored(ids: readonly string[]): void {
    if (changed.value === null || !isSame(changed.value.filter(isThere), ids)) return;
    changed.value = null;
    remember(keyOf(openId.value), null);
  }

  watch(openId, (id) => (changed.value = recallChoice(id)), { flush: 'sync' });

  return { chosen, choose, toSend, wereStored, moveTo };
}

/** The new conversation is about to get its id: what was chosen for it stays. */
function moveTo(id: string): void {
  remember(keyOf(id), recall(keyOf(null)));
  remember(keyOf(null), null);
}

/** In any order: the order in which bases are named changes no answer. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}

function recallChoice(conversationId: string | null): string[] | null {
  try {
    const value: unknown = JSON.parse(recall(keyOf(conversationId)) ?? 'null');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : null;
  } catch {
    return null;
  }
}
