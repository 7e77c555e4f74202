import { computed, shallowRef } from 'vue';
import { choose, siblingsOf, visiblePath, type BranchChoice, type ShownMessage } from '../conversation/message-tree.ts';
import { onNextFrame } from './wait.ts';

/**
 * The messages of the open conversation and the branch that is shown. Changes of one answer are
 * painted at most once a frame: a fast model sends more pieces than a screen can show.
 */
export function useMessageList(nextFrame: (callback: () => void) => void = onNextFrame) {
  const messages = shallowRef<ShownMessage[]>([]);
  const choice = shallowRef<BranchChoice>(new Map());
  const changed = new Map<string, ShownMessage>();

  const path = computed(() => visiblePath(messages.value, choice.value));

  function reset(all: ShownMessage[]): void {
    changed.clear();
    messages.value = all;
    choice.value = new Map();
  }

  function add(...added: ShownMessage[]): void {
    flush();
    messages.value = [...messages.value, ...added];
    for (const { parent_id, key } of added) choice.value = choose(choice.value, parent_id, key);
  }

  function remove(keys: readonly string[]): void {
    flush();
    messages.value = messages.value.filter((message) => !keys.includes(message.key));
  }

  function update(message: ShownMessage): void {
    if (changed.size === 0) nextFrame(flush);
    changed.set(message.key, message);
  }

  function flush(): void {
    if (changed.size === 0) return;
    messages.value = messages.value.map((message) => changed.get(message.key) ?? message);
    changed.clear();
  }

  function show(message: ShownMessage): void {
    choice.value = choose(choice.value, message.parent_id, message.key);
  }

  const siblings = (message: ShownMessage) => siblingsOf(messages.value, message);

  return { messages, path, siblings, reset, add, remove, update, flush, show };
}

export type MessageList = ReturnType<typeof useMessageList>;
