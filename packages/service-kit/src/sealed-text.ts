import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/contracts';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** GCM's own length; others are hashed first. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealOptions {
  /** The installation's. */
  secret: string;
  /** What the text is, and whose: sealed text that is moved to another place does not open there. */
  purpose: string;
}

/** Encrypts a short text for storage: `v1.<nonce>.<text and tag>`, AES-256-GCM, the key by HKDF-SHA-256. */
export function sealText(text: string, options: SealOptions): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(options), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
}

/**
 * The text that was sealed. Throws `storage_failed` when it cannot be opened: it was sealed with the
 * secret of another installation, for another purpose, or it was changed.
 */
export function openText(sealed: string, options: SealOptions): string {
  const [version, nonce = '', body = '', ...rest] = sealed.split('.');
  if (version !== VERSION || rest.length > 0) throw unreadable();
  const bytes = Buffer.from(body, 'base64url');
  const textBytes = bytes.length - TAG_BYTES;
  try {
    const tag = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(CIPHER, keyOf(options), Buffer.from(nonce, 'base64url'), tag);
    decipher.setAuthTag(bytes.subarray(textBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, textBytes)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw unreadable(error);
  }
}

function keyOf({ secret, purpose }: SealOptions): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `parley sealed text: ${purpose}`, KEY_BYTES));
}

function unreadable(cause?: unknown): ParleyError {
  const sentence =
    'What is stored here cannot be opened with the secret of this installation: it was sealed with another one, or it is damaged.';
  return new ParleyError('storage_failed', sentence, cause === undefined ? {} : { cause });
}
