import { estimateTokens } from '@parley/text';

const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef`;
/** White space goes with the word behind it. A long run without any, an address for one, is cut. */
const PIECE = new RegExp(String.raw`\s*(?:[${CJK}]{1,3}|[^\s${CJK}]{1,24})|\s+`, 'gu');

/** A text in the pieces in which it is streamed: a word, or one to three characters of Chinese. Joined they are the text. */
export function cutPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** As many pieces as `maxTokens` holds, and whether that was all. */
export function limitTokens(pieces: readonly string[], maxTokens: number): { pieces: string[]; isWhole: boolean } {
  const kept: string[] = [];
  let tokens = 0;
  for (const piece of pieces) {
    tokens += estimateTokens(piece);
    if (tokens > maxTokens) return { pieces: kept, isWhole: false };
    kept.push(piece);
  }
  return { pieces: kept, isWhole: true };
}
