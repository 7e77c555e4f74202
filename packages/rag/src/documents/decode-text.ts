import { ParleyError } from '@parley/contracts';

/** How much of an HTML page is searched for the name of its encoding; the standard's own figure. */
const PRESCAN_BYTES = 1024;
const NAMED_IN_PAGE = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i;
/** A text with more characters than this share that could not be read is in another encoding, or no text. */
const MAX_UNREADABLE_SHARE = 0.01;

export interface DecodeOptions {
  /** As the server named it. */
  charset?: string | null;
  isHtml?: boolean;
}

/**
 * The text in `bytes`: by its byte order mark, else by the encoding that its server or the page
 * itself names, else as UTF-8. Throws `document_unreadable` for what is no text in that encoding.
 */
export function decodeText(bytes: Uint8Array, { charset = null, isHtml = false }: DecodeOptions = {}): string {
  const named = markOf(bytes) ?? charset ?? (isHtml ? namedInPage(bytes) : null);
  const text = decodeAs(named, bytes);
  if (isReadable(text)) return text;
  throw new ParleyError('document_unreadable', 'This is no text, or its encoding is not named. Save it as UTF-8.');
}

function markOf([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb ? 'utf-8' : null;
}

function namedInPage(bytes: Uint8Array): string | null {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES));
  const named = NAMED_IN_PAGE.exec(beginning)?.[1] ?? null;
  // A page whose letters could be read here one byte at a time is not in UTF-16, whatever it says.
  return named && /^utf-?16/i.test(named) ? 'utf-8' : named;
}

function decodeAs(charset: string | null, bytes: Uint8Array): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

function isReadable(text: string): boolean {
  if (text.includes('\0')) return false;
  const unreadable = text.match(/\uFFFD/g)?.length ?? 0;
  return unreadable <= text.length * MAX_UNREADABLE_SHARE;
}
