import { ParleyError, type Account, type CreatedToken, type TokenView } from '@parley/contracts';
import { toAccount } from './account.ts';
import { hashToken, newBearerToken } from './credentials.ts';
import type { TokensRepository } from './tokens.repository.ts';

/** How stale `last_used_at` may be: a script in a loop shall not write the disk with every call. */
const USE_RESOLUTION_MS = 60_000;

export interface TokensServiceOptions {
  tokens: TokensRepository;
  now: () => number;
  newId: () => string;
}

/** Makes, lists, revokes and recognises bearer tokens. */
export class TokensService {
  readonly #tokens: TokensRepository;
  readonly #now: () => number;
  readonly #newId: () => string;

  constructor({ tokens, now, newId }: TokensServiceOptions) {
    this.#tokens = tokens;
    this.#now = now;
    this.#newId = newId;
  }

  async list(userId: string): Promise<{ tokens: TokenView[] }> {
    return { tokens: await this.#tokens.list(userId) };
  }

  async create(userId: string, name: string): Promise<CreatedToken> {
    const token = newBearerToken();
    const view = { id: this.#newId(), name, created_at: this.#now(), last_used_at: null };
    await this.#tokens.insert({ ...view, user_id: userId, token_hash: hashToken(token) });
    return { ...view, token };
  }

  async revoke(userId: string, id: string): Promise<void> {
    const wasThere = await this.#tokens.remove(userId, id);
    if (!wasThere) throw new ParleyError('token_not_found', 'There is no such token.');
  }

  async findAccount(token: string): Promise<Account | null> {
    const found = await this.#tokens.findUser(hashToken(token));
    if (found === undefined) return null;
    const { token_id, last_used_at, ...user } = found;
    const isStale = last_used_at === null || this.#now() - last_used_at >= USE_RESOLUTION_MS;
    if (isStale) await this.#tokens.touch(token_id, this.#now());
    return toAccount(user);
  }
}
