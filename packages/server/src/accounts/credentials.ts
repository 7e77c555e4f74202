import { createHash, randomBytes } from 'node:crypto';

const TOKEN_PREFIX = 'parley_';

/** What a request showed to prove who it is. */
export type Credential =
  /** The installation's secret, which only processes and people of this machine can read. */
  | { kind: 'secret' }
  | { kind: 'token' }
  /** A browser's cookie, with its value. */
  | { kind: 'session'; token: string };

/** 32 random bytes for a cookie. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

/** 32 random bytes for a script, with a prefix that secret scanners can look for. */
export function newBearerToken(): string {
  return TOKEN_PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a token. It is random, so a plain hash keeps it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
