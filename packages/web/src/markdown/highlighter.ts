import highlight from 'highlight.js/lib/core';
import { shallowRef, type ShallowRef } from 'vue';
import { languageOf, loadLanguage } from './languages.ts';

/** Longer code is shown plain while it grows: each frame would colour all of it again. */
const LONGEST_GROWING_CODE = 6000;
const LONGEST_CODE = 100_000;

export interface Highlighter {
  /** Code as HTML; null when it is to be shown plain (for now, or for good). */
  highlight(code: string, word: string, isGrowing: boolean): string | null;
  /** Raised when a language has arrived, and what was rendered without it should be rendered again. */
  version: Readonly<ShallowRef<number>>;
}

/** A highlighter that fetches its languages as answers need them. */
export function createHighlighter(load: typeof loadLanguage = loadLanguage): Highlighter {
  const version = shallowRef(0);
  const asked = new Set<string>();

  async function fetchLanguage(name: string): Promise<void> {
    asked.add(name);
    const language = await load(name);
    if (language === null) return;
    highlight.registerLanguage(name, language);
    version.value += 1;
  }

  return {
    version,
    highlight(code, word, isGrowing) {
      const name = languageOf(word);
      if (name === null || code.length > (isGrowing ? LONGEST_GROWING_CODE : LONGEST_CODE)) return null;
      if (highlight.getLanguage(name)) return highlight.highlight(code, { language: name, ignoreIllegals: true }).value;
      // A chunk that cannot be fetched leaves the code plain, and is asked for again with the next page.
      if (!asked.has(name)) void fetchLanguage(name).catch(() => undefined);
      return null;
    },
  };
}
