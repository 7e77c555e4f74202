import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Conversation } from '@parley/contracts';
import * as conversationsApi from '../api/conversations.ts';

/** The history as far as it was loaded, newest first. */
export const useConversations = defineStore('conversations', () => {
  const conversations = shallowRef<Conversation[]>([]);
  const next = shallowRef<string | null>(null);
  const status = shallowRef<'idle' | 'loading' | 'loaded' | 'failed'>('idle');
  const hasMore = computed(() => next.value !== null);

  /** Loads the first page, or the one after those already loaded. */
  async function load(from: 'start' | 'next'): Promise<void> {
    if (status.value === 'loading') return;
    status.value = 'loading';
    try {
      const page = await conversationsApi.listConversations(from === 'start' ? null : next.value);
      conversations.value = from === 'start' ? page.conversations : merge(conversations.value, page.conversations);
      next.value = page.next;
      status.value = 'loaded';
    } catch (error) {
      status.value = 'failed';
      throw error;
    }
  }

  /** Brings the newest page up to date without losing the older ones: another tab may have added some. */
  async function refresh(): Promise<void> {
    const page = await conversationsApi.listConversations();
    conversations.value = merge(conversations.value, page.conversations);
    if (page.next === null) conversations.value = page.conversations;
  }

  function upsert(change: Partial<Conversation> & { id: string }): void {
    const known = conversations.value.find(({ id }) => id === change.id);
    if (known !== undefined) conversations.value = merge(conversations.value, [{ ...known, ...change }]);
    else if (isWhole(change)) conversations.value = merge(conversations.value, [change]);
  }

  async function rename(id: string, title: string): Promise<void> {
    upsert(await conversationsApi.renameConversation(id, title));
  }

  async function remove(id: string): Promise<void> {
    await conversationsApi.deleteConversation(id);
    conversations.value = conversations.value.filter((conversation) => conversation.id !== id);
  }

  function clear(): void {
    conversations.value = [];
    next.value = null;
    status.value = 'idle';
  }

  return { conversations, status, hasMore, load, refresh, upsert, rename, remove, clear };
});

function merge(known: readonly Conversation[], changed: readonly Conversation[]): Conversation[] {
  const all = new Map([...known, ...changed].map((conversation) => [conversation.id, conversation]));
  return [...all.values()].toSorted((one, other) => other.updated_at - one.updated_at);
}

function isWhole(change: Partial<Conversation>): change is Conversation {
  return change.title !== undefined && change.created_at !== undefined && change.updated_at !== undefined;
}
