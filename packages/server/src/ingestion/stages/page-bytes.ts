const UTF8_MARK = new Uint8Array([0xef, 0xbb, 0xbf]);

/**
 * A page's bytes as they are stored. Its server's word on their encoding is heard only now, so a
 * page in another one than UTF-8 is turned into it, marked, so that no word in the page outvotes that.
 */
export function toStoredPage(body: Uint8Array, charset: string | null): Uint8Array {
  if (charset === null || /^utf-?8$/i.test(charset)) return body;
  try {
    const text = new TextEncoder().encode(new TextDecoder(charset).decode(body));
    return Buffer.concat([UTF8_MARK, text]);
  } catch {
    // An encoding that nobody knows: the reader finds out what it can.
    return body;
  }
}
