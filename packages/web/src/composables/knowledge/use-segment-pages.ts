import { computed, ref, watch, type Ref } from 'vue';
import { findWords, type Segment } from './to-segments.ts';

/** Segments that are drawn at a time. */
const PAGE_SIZE = 60;
const MOST_PLACES = 1_000;

export interface Place {
  start: number;
  end: number;
}

/** Which part of a long text is drawn, and the place in it that is marked: a hit, or words that were looked for. */
export function useSegmentPages(segments: Readonly<Ref<readonly Segment[]>>, text: Readonly<Ref<string>>) {
  const page = ref(1);
  const mark = ref<Place | null>(null);
  const words = ref('');
  const place = ref(0);

  const pages = computed(() => Math.max(1, Math.ceil(segments.value.length / PAGE_SIZE)));
  const shown = computed(() => segments.value.slice((page.value - 1) * PAGE_SIZE, page.value * PAGE_SIZE));
  const places = computed(() => findWords(text.value, words.value, MOST_PLACES));
  // Its place was one in the text before.
  watch(text, () => (mark.value = null));
  watch(pages, (count) => (page.value = Math.min(page.value, count)));

  /** Turns to the page with this place and marks it. Answers the key of its segment. */
  function show(wanted: Place): string | null {
    const index = segments.value.findIndex(({ end }) => end > wanted.start);
    mark.value = wanted;
    if (index === -1) return null;
    page.value = Math.floor(index / PAGE_SIZE) + 1;
    return segments.value[index]?.key ?? null;
  }

  /** The next place of the words looked for, or the one before. */
  function step(by: 0 | 1 | -1): string | null {
    const count = places.value.length;
    if (count === 0) {
      mark.value = null;
      return null;
    }
    place.value = by === 0 ? 0 : (place.value + by + count) % count;
    const next = places.value[place.value];
    return next ? show(next) : null;
  }

  return { page, pages, shown, mark, words, places, place, show, step };
}
