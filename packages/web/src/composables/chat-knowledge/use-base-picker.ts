import type { KnowledgeBase } from '@parley/contracts';
import { computed, nextTick, ref, shallowRef, watch, type Ref } from 'vue';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';

/** A `#` with what is typed after it, before the caret. Input methods for Chinese write it wide. */
const MARK = /(?:^|\s)([#＃]([^\s#＃]*))$/u;
/** More than this nobody looks through; typing narrows them. */
const MOST = 50;

interface Mark {
  start: number;
  end: number;
  query: string;
}

export interface BasePickerOptions {
  text: Ref<string>;
  input: Readonly<Ref<HTMLTextAreaElement | null>>;
  chosen: Ref<string[]>;
}

/**
 * The list of knowledge bases beside the message box: opened by `#` in the text, which then narrows
 * it, or by a button. The focus stays in the box; its keys move through the list.
 */
export function useBasePicker({ text, input, chosen }: BasePickerOptions) {
  const bases = useKnowledgeBases();
  const { mark, look, dismiss } = useMark(input);
  const isAll = ref(false);
  const active = ref(0);
  const options = computed(() => matching(bases.bases, mark.value?.query ?? ''));
  const isOpen = computed(() => isAll.value || (mark.value !== null && (options.value.length > 0 || isBlank.value)));
  const isBlank = computed(() => mark.value?.query === '');

  function onInput(): void {
    isAll.value = false;
    look();
  }

  function toggleAll(): void {
    const wasOpen = isOpen.value;
    close();
    isAll.value = !wasOpen;
    input.value?.focus();
  }

  function close(): void {
    dismiss();
    isAll.value = false;
  }

  async function pick(base: KnowledgeBase): Promise<void> {
    const { id } = base;
    chosen.value = chosen.value.includes(id) ? chosen.value.filter((one) => one !== id) : [...chosen.value, id];
    const taken = mark.value;
    mark.value = null;
    if (taken === null) return;
    text.value = text.value.slice(0, taken.start) + text.value.slice(taken.end);
    await nextTick();
    input.value?.setSelectionRange(taken.start, taken.start);
  }

  /** Whether the key was for the list. */
  function onKeydown(event: KeyboardEvent): boolean {
    const key = isOpen.value ? toListKey(event, options.value.length) : null;
    const current = options.value[active.value];
    if (key === null) return false;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'close') close();
    else if (key === 'pick') void (current && pick(current));
    else active.value = (active.value + key + options.value.length) % options.value.length;
    return true;
  }

  watch([isOpen, () => mark.value?.query], ([opened], [wasOpen]) => {
    active.value = 0;
    // The list that is there stays usable while it is brought up to date.
    if (opened && !wasOpen) void bases.load();
  });

  return { isOpen, options, active, look, onInput, toggleAll, close, pick, onKeydown };
}

/** What a key asks of a list of so many rows; a number: so many rows on. Null: nothing. */
function toListKey(event: KeyboardEvent, count: number): 'close' | 'pick' | 1 | -1 | null {
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.key === 'Escape') return 'close';
  if (count === 0 || event.shiftKey) return null;
  if (event.key === 'Enter' || event.key === 'Tab') return 'pick';
  return event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
}

/** The mark that the caret stands behind, as the text and the caret move. */
function useMark(input: Readonly<Ref<HTMLTextAreaElement | null>>) {
  const mark = shallowRef<Mark | null>(null);
  /** Where a mark was waved away: it does not come back while it is typed on. */
  let dismissedAt = -1;

  function look(): void {
    const caret = input.value?.selectionEnd ?? 0;
    // Of the box itself: the text that is bound to it follows a moment later.
    const found = MARK.exec(input.value?.value.slice(0, caret) ?? '');
    const start = found ? caret - (found[1] ?? '').length : -1;
    if (start !== dismissedAt) dismissedAt = -1;
    mark.value = found && dismissedAt === -1 ? { start, end: caret, query: found[2] ?? '' } : null;
  }

  function dismiss(): void {
    dismissedAt = mark.value?.start ?? dismissedAt;
    mark.value = null;
  }

  return { mark, look, dismiss };
}

/** Those whose name has the words in it; first those that begin with them. */
function matching(bases: readonly KnowledgeBase[], query: string): KnowledgeBase[] {
  const wanted = query.toLowerCase();
  const places = bases.map((base) => ({ base, at: base.name.toLowerCase().indexOf(wanted) }));
  const found = places.filter(({ at }) => at !== -1);
  return [...found.filter(({ at }) => at === 0), ...found.filter(({ at }) => at > 0)]
    .map(({ base }) => base)
    .slice(0, MOST);
}
