import { toSearchTerms } from '@parley/text';
import { synonymsOf } from './synonyms.ts';

/** One thing that a question is about; a text covers it when it has any of the terms. */
export interface QuestionItem {
  terms: string[];
  weight: number;
  /** `generic`: a word that stands in questions about anything. `character`: one of a Chinese word. */
  kind: 'word' | 'generic' | 'character';
}

const CJK_ONLY = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;
/** Two Han characters say about what one English word says. */
const CHARACTER_WEIGHT = 0.5;
const GENERIC_WEIGHT = 0.2;

// Words that stand in questions about anything. They may help to rank, never carry an answer alone.
const GENERIC = new Set(
  toSearchTerms(
    'use using make get work works change set add find see want need way thing help show tell explain mean ' +
      'happen parley please possible let give know open go put able like much many without with another other say ' +
      'says new best good first right question thing call mean different want something anything everything hello hi hey thanks thank ok version kind type number',
  ),
);
/** More are a pasted text, of which the beginning says what it is about. */
const MOST_ITEMS = 120;
const CHINESE_FILLERS =
  /我们|你们|我的|你的|一下|一个|可以|需要|应该|想要|告诉|知道|请|我|你|您|它|这个|那个|的|了|是|谁|吧|啊|使用|能用|进行|没有|怎么办|会不会|能否|是否|在(?!线)|和|与|及/g;

/** What a question is about, most of its grammar left out. Empty when it has no words of its own. */
export function toQuestionItems(question: string): QuestionItem[] {
  const items = fromTerms(toSearchTerms(question.replaceAll(CHINESE_FILLERS, ' ')));
  // "怎么使用" is nothing but filler; then the filler is what is asked about.
  return (items.length > 0 ? items : fromTerms(toSearchTerms(question))).slice(0, MOST_ITEMS);
}

/**
 * Each English word is an item. Each Han character is one too, covered by a pair that it is part
 * of: so "更换主题" is covered by a text with 更换 and 主题, though 换主 stands nowhere.
 */
function fromTerms(terms: string[]): QuestionItem[] {
  const items = new Map<string, QuestionItem>();
  let previous: QuestionItem | undefined;
  let current: QuestionItem | undefined;
  for (const term of terms) {
    const length = CJK_ONLY.test(term) ? [...term].length : 0;
    if (length === 2) for (const item of [previous, current]) item?.terms.push(term);
    else if (length === 1) {
      previous = current;
      current = { terms: [], weight: CHARACTER_WEIGHT, kind: 'character' };
      items.set(`${term}${items.size}`, current);
      current.terms.push(term);
    } else if (!items.has(term)) {
      const isGeneric = GENERIC.has(term) || isSmallNumber(term);
      items.set(term, {
        terms: [term],
        weight: isGeneric ? GENERIC_WEIGHT : 1,
        kind: isGeneric ? 'generic' : 'word',
      });
    }
  }
  const found = [...items.values()].map(withoutLoneCharacter);
  // "What is 2+2?" is not about the passage that happens to hold a 2.
  return found.every((item) => item.terms.every(isSmallNumber)) ? [] : found.map(withSynonyms);
}

function isSmallNumber(term: string): boolean {
  return /^\d{1,2}$/.test(term);
}

function withSynonyms(item: QuestionItem): QuestionItem {
  return { ...item, terms: [...item.terms, ...synonymsOf(item.terms)] };
}

// A single character is found in unrelated words everywhere; it counts only where there is no pair.
function withoutLoneCharacter(item: QuestionItem): QuestionItem {
  return item.terms.length > 1 ? { ...item, terms: item.terms.slice(1) } : item;
}

/** True when a text with these terms speaks of the item. */
export function isCovered(item: QuestionItem, terms: ReadonlySet<string>): boolean {
  return item.terms.some((term) => terms.has(term));
}
