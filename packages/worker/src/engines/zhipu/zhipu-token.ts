import { SignJWT } from 'jose';

const LIFE_MS = 10 * 60_000;
/** A token is not used in its last minute: a clock that is a little off must not make it invalid. */
const MARGIN_MS = 60_000;

/** Zhipu's bearer tokens, made from a key `id.secret` (docs.bigmodel.cn: user authentication); one at a time. */
export class ZhipuTokens {
  readonly #id: string;
  readonly #secret: Uint8Array;
  readonly #now: () => number;
  #token: Promise<string> | null = null;
  #expiresAt = 0;

  constructor(apiKey: string, now: () => number) {
    const [id = '', secret = ''] = apiKey.split('.');
    this.#id = id;
    this.#secret = new TextEncoder().encode(secret);
    this.#now = now;
  }

  /** A token that is valid for another minute at least. */
  get(): Promise<string> {
    const now = this.#now();
    // Also when the clock was set back: a token from its future is refused.
    const isFresh = now <= this.#expiresAt - MARGIN_MS && now >= this.#expiresAt - LIFE_MS;
    if (this.#token === null || !isFresh) {
      this.#expiresAt = now + LIFE_MS;
      this.#token = this.#sign(now, this.#expiresAt);
    }
    return this.#token;
  }

  // Both times are in milliseconds, against RFC 7519, which counts in seconds: Zhipu wants it so.
  #sign(timestamp: number, exp: number): Promise<string> {
    return new SignJWT({ api_key: this.#id, exp, timestamp })
      .setProtectedHeader({ alg: 'HS256', sign_type: 'SIGN' })
      .sign(this.#secret);
  }
}
