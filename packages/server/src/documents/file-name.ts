import { ParleyError } from '@parley/contracts';

// Control characters, and those that turn the direction of what follows: "gnp.exe" shown as "exe.png".
const UNSHOWN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * The name of an uploaded file as it is shown: no folders, nothing invisible. It is never part of a
 * path on this machine. Throws `invalid_request` when nothing is left.
 */
export function toShownName(name: string): string {
  const base = name.replace(UNSHOWN, '').split(/[/\\]/).at(-1) ?? '';
  const shown = base.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (/^\.*$/.test(shown)) throw new ParleyError('invalid_request', 'name: must name a file.', { param: 'name' });
  return shown;
}

/** The media type that a request says its body has, without parameters; `application/octet-stream` for what is none. */
export function toMediaType(header: string | undefined): string {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
}

/** `content-disposition` of a name in any script (RFC 6266); old clients get its ASCII letters. */
export function toDisposition(kind: 'inline' | 'attachment', name: string): string {
  const shown = name.replace(UNSHOWN, '').toWellFormed();
  const plain = shown.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(shown).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
