import { decodeText } from '../../decode-text.ts';

const NAMED = /^<\?xml[^>]*\bencoding\s*=\s*["']([\w-]+)["']/;

/** The text of an XML part, by its mark or its declaration; UTF-8 otherwise. */
export function decodeXml(bytes: Uint8Array): string {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const named = NAMED.exec(beginning)?.[1] ?? null;
  // What could be read one byte at a time is not in UTF-16, whatever it says.
  return decodeText(bytes, { charset: named && /^utf-?16/i.test(named) ? 'utf-8' : named });
}
