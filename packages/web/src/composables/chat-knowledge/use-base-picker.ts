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
  const mark = shallowRef<Mark | null>(null);
  const isAll = ref(false);
  const active = ref(0);
  /** Where a mark was waved away: it does not come back while it is typed on. */
  let dismissedAt = -1;

  const options = computed(() => matching(bases.bases, mark.value?.query ?? ''));
  const isOpen = computed(() => isAll.value || (mark.value !== null && (options.value.length > 0 || isBlank.value)));
  const isBlank = computed(() => (mark.value?.query ?? '') === '');

  /** Called when the text or the caret has moved. */
  function look(): void {
    const caret = input.value?.selectionEnd ?? 0;
    const found = MARK.exec(text.value.slice(0, caret));
    const start = found ? caret - (found[1] ?? '').length : -1;
    if (start !== dismissedAt) dismissedAt = -1;
    mark.value = found && dismissedAt === -1 ? { start, end: caret, query: found[2] ?? '' } : null;
  }

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
    dismissedAt = mark.value?.start ?? dismissedAt;
    mark.value = null;
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

  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

  /** Whether the key was for the list. */
  function onKeydown(event: KeyboardEvent): boolean {
    if (!isOpen.value || event.isComposing || event.keyCode === 229) return false;
    const step = steps[event.key];
    const count = options.value.length;
    const current = options.value[active.value];
    if (event.key === 'Escape') close();
    else if (step !== undefined && count > 0) active.value = (active.value + step + count) % count;
    else if (['Enter', 'Tab'].includes(event.key) && !event.shiftKey && current) void pick(current);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  watch([isOpen, options], ([opened], [wasOpen]) => {
    active.value = 0;
    // The list that is there stays usable while it is brought up to date.
    if (opened && !wasOpen) void bases.load();
  });

  return { isOpen, options, active, look, onInput, toggleAll, close, pick, onKeydown };
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
