import type { FastifyRequest } from 'fastify';
import { ParleyError, type Account } from '@parley/contracts';
import { bearerToken, isSameSecret } from '@parley/service-kit';
import { guardOrigin } from '../security/guard-origin.ts';
import { isLoopbackOnly, type Reach } from '../security/loopback.ts';
import type { AccountsService } from './accounts.service.ts';
import type { Credential } from './credentials.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { TokensService } from './tokens.service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on an open route without credentials. */
    account: Account | null;
    /** How `account` was proved; null with it. */
    credential: Credential | null;
  }
  interface FastifyContextConfig {
    /** Answers without an account too. */
    isOpen?: boolean;
  }
}

export interface AuthenticateOptions {
  accounts: AccountsService;
  tokens: TokensService;
  secret: string;
  reach: Reach;
}

/** The one place that reads credentials: a bearer token, else the session cookie. */
export function authenticate(options: AuthenticateOptions): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const token = bearerToken(request.headers.authorization);
    const proved = token === null ? await fromCookie(request, options) : await fromBearer(token, request, options);
    request.account = proved?.account ?? null;
    request.credential = proved?.credential ?? null;
    const isOpen = request.routeOptions.config.isOpen === true;
    if (request.account === null && !isOpen) throw new ParleyError('not_signed_in', 'Please sign in first.');
  };
}

/** Whose request it is; for routes that are not open. */
export function accountOf(request: FastifyRequest): Account {
  if (request.account === null) throw new ParleyError('not_signed_in', 'Please sign in first.');
  return request.account;
}

interface Proved {
  account: Account;
  credential: Credential;
}

async function fromBearer(token: string, request: FastifyRequest, options: AuthenticateOptions): Promise<Proved> {
  const { accounts, tokens, secret, reach } = options;
  if (isSameSecret(token, secret)) {
    return { account: await accounts.owner(isLoopbackOnly(request, reach)), credential: { kind: 'secret' } };
  }
  const account = await tokens.findAccount(token);
  if (account === null)
    throw new ParleyError('invalid_api_key', 'This token is not known here; it may have been revoked.');
  return { account, credential: { kind: 'token' } };
}

async function fromCookie(request: FastifyRequest, { accounts, reach }: AuthenticateOptions): Promise<Proved | null> {
  const token = readSessionCookie(request);
  guardOrigin(request, reach, token !== null);
  const account = token === null ? null : await accounts.findAccount(token);
  return account && token !== null ? { account, credential: { kind: 'session', token } } : null;
}
