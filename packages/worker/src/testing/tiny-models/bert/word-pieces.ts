import { fillers, topics } from './words.ts';

/** A token of the WordPiece vocabulary. */
export interface WordPiece {
  readonly token: string;
  /** How much it says, from 0 to 1. */
  readonly weight: number;
  readonly topic?: string;
}

/** The control tokens by their place in the vocabulary. */
export const bertTokens = { padding: 0, unknown: 1, begin: 2, separator: 3, mask: 4 } as const;

const FILLER_WEIGHT = 0.15;

/** llama.cpp marks a piece that starts a word; one within a word stands bare. */
const WORD_START = '\u2581';

/**
 * Whole words of the topics and the fillers; every other Latin word as pieces of one or two letters;
 * the 3,755 common characters of GB 2312, level 1, which covers ordinary Chinese.
 */
export function wordPieces(): WordPiece[] {
  const pieces = new Map<string, WordPiece>();
  const add = (piece: WordPiece) => {
    if (!pieces.has(piece.token)) pieces.set(piece.token, piece);
  };
  for (const token of ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']) {
    // A text of unknown words only still needs a direction.
    add({ token, weight: token === '[UNK]' ? FILLER_WEIGHT : 0 });
  }
  for (const [topic, list] of Object.entries(topics)) {
    for (const word of list) add({ token: WORD_START + word, weight: 1, topic });
  }
  for (const word of fillers) add({ token: WORD_START + word, weight: FILLER_WEIGHT });
  for (const part of latinParts()) {
    add({ token: WORD_START + part, weight: 1 });
    add({ token: part, weight: 1 });
  }
  for (const character of commonCharacters()) add({ token: WORD_START + character, weight: 1 });
  for (const mark of punctuation) add({ token: WORD_START + mark, weight: FILLER_WEIGHT });
  return [...pieces.values()];
}

const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~，。、？！：；“”‘’（）《》…';

function latinParts(): string[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return [...letters, ...'0123456789', ...letters.flatMap((first) => letters.map((second) => first + second))];
}

/** Rows 16 to 55 of GB 2312, decoded rather than listed. */
function commonCharacters(): string {
  const codes: number[] = [];
  for (let row = 0xb0; row <= 0xd7; row++) for (let cell = 0xa1; cell <= 0xfe; cell++) codes.push(row, cell);
  // The last row ends five cells early.
  return new TextDecoder('gbk').decode(Uint8Array.from(codes.slice(0, -10)));
}
