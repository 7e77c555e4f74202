import { decodeText } from '../../decode-text.ts';

export interface DecodeFileOptions {
  charset: string | null;
  isHtml?: boolean;
  /** Characters beyond this need not be decoded; at least one more is, where there are more. */
  maxLength?: number;
}

/** Of any alphabet: UTF-8 needs three for one UTF-16 unit, four for two; GB 18030 four for one. */
const MAX_BYTES_PER_UNIT = 4;
/** As much of a file as tells its alphabet. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * The text of a file. Where nobody names the alphabet and it is not UTF-8, it is told by its bytes:
 * UTF-16 without a mark, the Chinese and Japanese double-byte alphabets, Western European. Throws
 * `document_unreadable` for what is no text.
 */
export function decodeFile(whole: Uint8Array, { charset, isHtml = false, maxLength }: DecodeFileOptions): string {
  const bytes = maxLength === undefined ? whole : whole.subarray(0, (maxLength + 1) * MAX_BYTES_PER_UNIT);
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (charset === null && looksLikeUtf16(sample)) return decodeText(bytes, { charset: 'utf-16le' });
  try {
    return decodeText(bytes, { charset, isHtml });
  } catch (error) {
    const guessed = guessAlphabet(sample);
    if (guessed === null) throw error;
    return decodeText(bytes, { charset: guessed });
  }
}

/** Western text in UTF-16: every second byte is zero. */
export function looksLikeUtf16(sample: Uint8Array): boolean {
  if (sample.length < 4) return false;
  let zeros = 0;
  for (let at = 1; at < sample.length; at += 2) if (sample[at] === 0) zeros += 1;
  const isFirstText = sample.filter((byte, at) => at % 2 === 0 && byte === 0).length === 0;
  return isFirstText && zeros > sample.length * 0.2;
}

interface ByteCounts {
  pairs: number;
  /** First bytes of pairs where Chinese text in GBK has most of its characters and marks. */
  commonGbk: number;
  /** Second bytes below 0x80: half of all in Big5, none in the common part of GBK. */
  lowSeconds: number;
  /** Pairs that are Japanese kana. */
  kana: number;
  singles: number;
  controls: number;
}

function guessAlphabet(sample: Uint8Array): string | null {
  const counts = countBytes(sample);
  if (counts.controls > 0) return null;
  if (counts.pairs >= 2 && counts.kana > counts.pairs * 0.2) return 'shift_jis';
  if (counts.pairs >= 2 && counts.commonGbk > counts.pairs * 0.7) return 'gb18030';
  if (counts.pairs >= 4 && counts.lowSeconds > counts.pairs * 0.25) return 'big5';
  // Letters with accents are few among plain ones; what is mostly high bytes is no text of this kind.
  return counts.singles + counts.pairs * 2 < sample.length * 0.3 ? 'windows-1252' : null;
}

function countBytes(sample: Uint8Array): ByteCounts {
  const counts: ByteCounts = { pairs: 0, commonGbk: 0, lowSeconds: 0, kana: 0, singles: 0, controls: 0 };
  for (let at = 0; at < sample.length; at += 1) {
    const first = sample[at] ?? 0;
    const second = sample[at + 1] ?? 0;
    if (first < 0x81) counts.controls += isControl(first) ? 1 : 0;
    else if (second < 0x40 || first === 0xff) counts.singles += 1;
    else {
      countPair(counts, first, second);
      at += 1;
    }
  }
  return counts;
}

function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27);
}

function countPair(counts: ByteCounts, first: number, second: number): void {
  counts.pairs += 1;
  const isCommon = (first >= 0xa1 && first <= 0xa3) || (first >= 0xb0 && first <= 0xd7);
  if (isCommon && second >= 0xa1) counts.commonGbk += 1;
  if (second < 0x80) counts.lowSeconds += 1;
  if ((first === 0x82 && second >= 0x9f) || (first === 0x83 && second <= 0x96)) counts.kana += 1;
}
