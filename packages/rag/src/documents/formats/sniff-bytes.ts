import { looksLikeUtf16 } from './text/decode-file.ts';

/** What the first bytes of a file say; null when they could be anything, such as text. */
export type Signature = 'empty' | 'pdf' | 'zip' | 'ole' | 'rtf' | 'other-binary' | null;

/** Pictures, sound, films, programs, other archives: by their beginning, in hexadecimal. */
const OTHER_BINARY = [
  '89504e47',
  'ffd8ff',
  '47494638',
  '52494646',
  '424d',
  '49492a00',
  '4d4d002a',
  '377abcaf271c',
  '526172211a07',
  '1f8b',
  '425a68',
  'fd377a585a00',
  '28b52ffd',
  '7f454c46',
  '4d5a',
  'cafebabe',
  '494433',
  '4f676753',
  '664c6143',
  '1a45dfa3',
  '53514c69746520666f726d6174203300',
  '0061736d',
  '774f4646',
  '774f4632',
];
/** A PDF may begin behind a little junk. */
const PDF_WITHIN = 1024;

export function sniffBytes(bytes: Uint8Array): Signature {
  if (bytes.length === 0) return 'empty';
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PDF_WITHIN));
  const hex = beginning.subarray(0, 20).toString('hex');
  if (/^504b(?:0304|0506|0708)/.test(hex)) return 'zip';
  if (hex.startsWith('d0cf11e0a1b11ae1')) return 'ole';
  if (hex.startsWith('7b5c727466')) return 'rtf';
  if (beginning.includes('%PDF-')) return 'pdf';
  // Two letters alone ("BM", "MZ") may begin a text; a binary has zeros soon after.
  const isOther = OTHER_BINARY.some((start) => hex.startsWith(start) && (start.length > 4 || beginning.includes(0)));
  return isOther || hex.slice(8, 16) === '66747970' ? 'other-binary' : null;
}

/** Whether a text begins as an HTML page does. */
export function looksLikeHtml(bytes: Uint8Array): boolean {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, PDF_WITHIN));
  return /^(?:ï»¿)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(beginning);
}

/** Whether these are mostly the bytes of a text in some alphabet: no zeros, few control characters. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 4096);
  const isMarked = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff);
  return (
    isMarked || looksLikeUtf16(sample) || sample.every((byte) => byte >= 32 || (byte >= 8 && byte <= 13) || byte === 27)
  );
}
