import { ParleyError, type Account, type SessionState } from '@parley/contracts';
import { isConstraintError } from '../database/storage-error.ts';
import type { UserTable } from '../database/schema.ts';
import { toAccount } from './account.ts';
import { hashToken, newSessionToken, type Credential } from './credentials.ts';
import { hashPassword, isPassword } from './password.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import { SignInLimiter } from './sign-in-limiter.ts';
import type { UsersRepository } from './users.repository.ts';

const DAY_MS = 86_400_000;
const WINDOW_MS = 5 * 60_000;
const DEFAULT_OWNER_NAME = 'Owner';

export interface AccountsServiceOptions {
  users: UsersRepository;
  sessions: SessionsRepository;
  now: () => number;
  newId: () => string;
  sessionDays: number;
}

/** Where a request comes from, as far as signing in asks. */
export interface Visitor {
  address: string;
  /** What it showed to prove who it is; null for a stranger. */
  credential: Credential | null;
  /** Nobody but this machine can reach the install: passwords may be left out. */
  isLoopbackOnly: boolean;
}

export interface PasswordChange {
  current_password?: string | null | undefined;
  password: string;
}

export interface SignedIn {
  account: Account;
  /** Goes into the cookie; stored only as a hash. */
  token: string;
  expiresAt: number;
}

/** The owner's account, passwords and the sessions of browsers. */
export class AccountsService {
  readonly #options: AccountsServiceOptions;
  readonly #perName: SignInLimiter;
  readonly #perAddress: SignInLimiter;

  constructor(options: AccountsServiceOptions) {
    this.#options = options;
    this.#perName = new SignInLimiter({ limit: 5, windowMs: WINDOW_MS, now: options.now });
    this.#perAddress = new SignInLimiter({ limit: 30, windowMs: WINDOW_MS, now: options.now });
  }

  async state(account: Account | null, visitor: Visitor): Promise<SessionState> {
    const owner = await this.#options.users.findOwner();
    return { account, sign_in: signInOf(owner, visitor), is_loopback_only: visitor.isLoopbackOnly };
  }

  /** Makes the first account. Of two at once, one is made and the other is told. */
  async createOwner(
    request: { name: string; password?: string | null | undefined },
    visitor: Visitor,
  ): Promise<SignedIn> {
    const { name, password } = request;
    if (!password && !visitor.isLoopbackOnly) {
      throw new ParleyError('invalid_request', 'password: is needed, because others can reach this server.', {
        param: 'password',
      });
    }
    if (await this.#options.users.findOwner()) throw ownerExists();
    return this.#open(await this.#insertOwner(name, password ?? null));
  }

  async signIn(
    request: { name?: string | null | undefined; password?: string | null | undefined },
    visitor: Visitor,
  ): Promise<SignedIn> {
    const owner = await this.#options.users.findOwner();
    if (owner === undefined) throw new ParleyError('owner_missing', 'There is no account yet; create the owner first.');
    const isOneClick = !request.password && signInOf(owner, visitor) === 'one-click';
    if (isOneClick) return this.#open(owner);
    return this.#open(await this.#checkPassword(request.name ?? owner.name, request.password ?? '', visitor));
  }

  /**
   * Sets the password of one's own account and signs its browsers out, all but the one that asks.
   * The installation's secret does so without the current password.
   */
  async changePassword(account: Account, request: PasswordChange, visitor: Visitor): Promise<void> {
    const { credential } = visitor;
    if (credential?.kind === 'secret') return this.#resetPassword(account.id, request.password);
    const replaces = account.has_password
      ? (await this.#checkPassword(account.name, request.current_password ?? '', visitor)).password_hash
      : null;
    const keptSession = credential?.kind === 'session' ? hashToken(credential.token) : null;
    const passwordHash = await hashPassword(request.password);
    const isSet = await this.#options.users.setPassword({ userId: account.id, passwordHash, replaces, keptSession });
    if (!isSet) throw wrongCredentials();
  }

  async signOut(token: string): Promise<void> {
    await this.#options.sessions.remove(hashToken(token));
  }

  async findAccount(token: string): Promise<Account | null> {
    const user = await this.#options.sessions.findUser(hashToken(token), this.#options.now());
    return user ? toAccount(user) : null;
  }

  /** The account that the installation's secret stands for; made at the first use where no password is needed. */
  async owner(isLoopbackOnly: boolean): Promise<Account> {
    const owner = await this.#options.users.findOwner();
    if (owner) return toAccount(owner);
    if (!isLoopbackOnly) {
      throw new ParleyError(
        'owner_missing',
        'There is no account yet. Open the page in a browser and create the owner first.',
      );
    }
    return toAccount(await this.#insertOwner(DEFAULT_OWNER_NAME, null));
  }

  async #resetPassword(userId: string, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    await this.#options.users.setPassword({ userId, passwordHash, keptSession: null });
    // Whoever forgot the password has guessed before, and would have to wait with the new one too.
    this.#perName.clearAll();
    this.#perAddress.clearAll();
  }

  async #insertOwner(name: string, password: string | null): Promise<UserTable> {
    const { users, now, newId } = this.#options;
    const passwordHash = password === null ? null : await hashPassword(password);
    const owner = { id: newId(), name, role: 'owner' as const, password_hash: passwordHash, created_at: now() };
    try {
      await users.insert(owner);
      return { ...owner, name_key: '' };
    } catch (error) {
      throw isConstraintError(error) ? ownerExists() : error;
    }
  }

  async #checkPassword(name: string, password: string, { address }: Visitor): Promise<UserTable> {
    const nameKey = `${address} ${name.toLowerCase()}`;
    this.#perAddress.take(address);
    this.#perName.take(nameKey);
    const user = await this.#options.users.findByName(name);
    if (user?.password_hash === null) throw noPassword();
    const isRight = await isPassword(password, user?.password_hash ?? null);
    if (!user || !isRight) throw wrongCredentials();
    this.#perName.clear(nameKey);
    this.#perAddress.clear(address);
    return user;
  }

  async #open(user: UserTable): Promise<SignedIn> {
    const { sessions, now, sessionDays } = this.#options;
    const token = newSessionToken();
    const expiresAt = now() + sessionDays * DAY_MS;
    await sessions.removeExpired(now());
    const session = { token_hash: hashToken(token), user_id: user.id, created_at: now(), expires_at: expiresAt };
    if (!(await sessions.insert(session, user.password_hash))) throw wrongCredentials();
    return { account: toAccount(user), token, expiresAt };
  }
}

function signInOf(owner: UserTable | undefined, { isLoopbackOnly }: Visitor): SessionState['sign_in'] {
  if (owner === undefined) return 'set-up';
  return owner.password_hash === null && isLoopbackOnly ? 'one-click' : 'password';
}

function wrongCredentials(): ParleyError {
  return new ParleyError('wrong_credentials', 'The name or the password is wrong.');
}

function noPassword(): ParleyError {
  return new ParleyError(
    'not_allowed',
    'This account has no password yet, so it can sign in on its own machine only. Set one there, with "npm run -s parley -- password".',
  );
}

function ownerExists(): ParleyError {
  return new ParleyError('owner_exists', 'The owner of this installation was created already; sign in instead.');
}
