import { CJK } from './scripts.ts';
import { stemWord } from './stem-word.ts';
import { CHINESE_QUESTION_WORDS, ENGLISH_STOP_WORDS } from './stop-words.ts';

const WORD = String.raw`(?:(?![${CJK}])[\p{L}\p{M}\p{N}])+`;
/** A run of Han, Kana or Hangul; or a word, with what an identifier holds between its parts. */
const RUN = new RegExp(`([${CJK}]+)|(${WORD}(?:[_.'-]${WORD})*)`, 'gu');
const QUESTION_WORDS = new RegExp(CHINESE_QUESTION_WORDS.join('|'), 'gu');
/** Joined by a dot or underscore, or by a hyphen beside a digit: a name, to be found whole as well. */
const IDENTIFIER = /[_.]|\d-|-\d/;

/**
 * What a text can be found by, in order and with repeats. English words are lower-cased, freed of
 * stop words and stemmed (Porter); names such as `zhipuai_api_key` or `node.js` are kept whole and
 * in parts; Han, Kana and Hangul runs become single characters and pairs. The same for documents
 * and for questions.
 */
export function toSearchTerms(text: string): string[] {
  const terms: string[] = [];
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  for (const [, cjkRun, word] of plain.matchAll(RUN)) {
    if (cjkRun !== undefined) addCjkTerms(cjkRun, terms);
    else if (word !== undefined) addWordTerms(word, terms);
  }
  return terms;
}

function addCjkTerms(run: string, terms: string[]): void {
  for (const part of run.replaceAll(QUESTION_WORDS, ' ').split(' ')) {
    let previous = '';
    for (const character of part) {
      terms.push(character);
      if (previous !== '') terms.push(previous + character);
      previous = character;
    }
  }
}

function addWordTerms(word: string, terms: string[]): void {
  if (IDENTIFIER.test(word)) terms.push(word);
  for (const part of word.split(/[_.'-]/)) {
    if (ENGLISH_STOP_WORDS.has(part)) continue;
    terms.push(stemWord(part));
  }
}
