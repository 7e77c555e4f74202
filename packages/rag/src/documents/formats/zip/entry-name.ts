/** Longest name that is shown; longer ones keep their end, where the extension is. */
const MAX_SHOWN = 300;
const CONTROLS = /\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * The name of a zip's entry. Without the mark for UTF-8 it is in the alphabet of whoever packed it:
 * UTF-8 all the same on most systems, GBK on a Chinese Windows.
 */
export function entryName(bytes: Uint8Array, { isUtf8 }: { isUtf8: boolean }): string {
  if (isUtf8) return new TextDecoder('utf-8').decode(bytes);
  return decodeStrictly(bytes, 'utf-8') ?? decodeStrictly(bytes, 'gb18030') ?? new TextDecoder('latin1').decode(bytes);
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * An entry's name as it may be shown: relative, without steps upward, drives or control characters.
 * It is never a path to open.
 */
export function shownName(name: string): string {
  const steps = name
    .replaceAll(CONTROLS, '')
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:/, '')
    .split('/')
    .map((step) => step.trim())
    .filter((step) => step !== '' && step !== '.' && step !== '..');
  const shown = steps.join('/').slice(-MAX_SHOWN);
  return shown === '' ? 'unnamed' : shown;
}

/** What systems leave in archives and nobody put there: resource forks, thumbnails, folder settings. */
export function isJunk(name: string): boolean {
  return /(?:^|[/\\])(?:__MACOSX[/\\]|\._[^/\\]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.git[/\\])/i.test(name);
}
