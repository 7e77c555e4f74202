import { computed, onScopeDispose, shallowRef, type Ref } from 'vue';
import type { Segment } from './to-segments.ts';

/** A pointer that only crosses a passage, on its way to the buttons, does not mean it. */
const REST_MS = 150;

/**
 * The passage whose facts are shown: the one under the pointer while it rests among the passages,
 * else the one that was clicked or has the focus, else the first.
 */
export function useActivePassage(shown: Readonly<Ref<readonly Segment[]>>) {
  const pinned = shallowRef<string | null>(null);
  const looked = shallowRef<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const passages = computed(() => shown.value.filter(({ chunk }) => chunk !== null));
  const find = (key: string | null) => passages.value.find((segment) => segment.key === key);
  const active = computed(() => find(looked.value) ?? find(pinned.value) ?? passages.value[0] ?? null);

  function pin(key: string): void {
    clearTimeout(timer);
    pinned.value = key;
    looked.value = null;
  }

  function look(key: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => (looked.value = key), REST_MS);
  }

  /** The pointer is gone; what it looked at last stays where nothing was chosen. */
  function lookAway(): void {
    clearTimeout(timer);
    pinned.value ??= looked.value;
    looked.value = null;
  }

  /** The passage after or before the active one. */
  function beside(by: 1 | -1): string | null {
    const index = passages.value.findIndex(({ key }) => key === active.value?.key);
    return passages.value[index + by]?.key ?? null;
  }

  onScopeDispose(() => clearTimeout(timer));

  return { active, pin, look, lookAway, beside };
}
