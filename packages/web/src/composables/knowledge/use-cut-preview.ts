import type { SplitSettings } from '@parley/contracts';
import { estimateTokens } from '@parley/text';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { previewCut, type PreviewChunk } from '../../api/base-documents.ts';

/** A passage as the preview draws it. */
export interface CutPassage {
  key: number;
  /** What it repeats of the one before; empty without overlap. */
  repeated: string;
  text: string;
  heading: string;
  tokens: number;
}

/** The settings are tried this long after the last change. */
const PAUSE_MS = 250;
/** The route takes no more. */
const LONGEST_TEXT = 200_000;

/** How a text would be cut with these settings, as both change. */
export function useCutPreview(
  text: Readonly<Ref<string>>,
  split: Readonly<Ref<SplitSettings>>,
  preview: typeof previewCut = previewCut,
) {
  const passages = shallowRef<CutPassage[]>([]);
  const status = shallowRef<'ready' | 'submitted' | 'error'>('ready');
  const error = shallowRef<unknown>(null);

  watch(
    [text, split],
    ([current, settings], _before, onCleanup) => {
      const stale = new AbortController();
      // From the first letter on, so that nobody is asked for a text that is there.
      if (current.trim() !== '') status.value = 'submitted';
      const timer = setTimeout(() => void show(current.slice(0, LONGEST_TEXT), settings, stale.signal), PAUSE_MS);
      onCleanup(() => {
        clearTimeout(timer);
        stale.abort();
      });
    },
    { immediate: true, deep: true },
  );

  async function show(...[current, settings, signal]: Parameters<typeof previewCut>): Promise<void> {
    if (current.trim() === '') {
      passages.value = [];
      status.value = 'ready';
      return;
    }
    try {
      const chunks = await preview(current, { ...settings }, signal);
      if (signal.aborted) return;
      passages.value = toPassages(current, chunks);
      status.value = 'ready';
    } catch (thrown) {
      if (signal.aborted) return;
      error.value = thrown;
      status.value = 'error';
    }
  }

  const sizes = computed(() => {
    const tokens = passages.value.map((passage) => passage.tokens);
    const sum = tokens.reduce((total, one) => total + one, 0);
    return {
      count: tokens.length,
      average: Math.round(sum / Math.max(1, tokens.length)),
      largest: Math.max(0, ...tokens),
    };
  });

  return { passages, status, error, sizes };
}

function toPassages(text: string, chunks: readonly PreviewChunk[]): CutPassage[] {
  let reached = 0;
  return chunks.map(({ ordinal, start, end, heading_path: path }) => {
    const from = Math.min(Math.max(start, reached), end);
    reached = end;
    const [repeated, rest] = [text.slice(start, from), text.slice(from, end)];
    return { key: ordinal, repeated, text: rest, heading: path.at(-1) ?? '', tokens: estimateTokens(repeated + rest) };
  });
}
