import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  changePasswordRequestSchema,
  createOwnerRequestSchema,
  signInRequestSchema,
  type SessionState,
} from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { isLoopbackOnly, type Reach } from '../security/loopback.ts';
import type { AccountsService, SignedIn, Visitor } from './accounts.service.ts';
import { accountOf } from './authenticate.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

/** `/session`: who is signed in, signing in and out, the first account. */
export function accountRoutes(app: FastifyInstance, accounts: AccountsService, reach: Reach): void {
  const open = { config: { isOpen: true } };
  const visitorOf = (reply: FastifyReply): Visitor => ({
    address: reply.request.ip,
    credential: reply.request.credential,
    isLoopbackOnly: isLoopbackOnly(reply.request, reach),
  });
  const answerSignedIn = (reply: FastifyReply, signedIn: SignedIn): Promise<SessionState> => {
    setSessionCookie(reply, signedIn.token, signedIn.expiresAt);
    return accounts.state(signedIn.account, visitorOf(reply));
  };

  app.get('/session', open, (request, reply) => accounts.state(request.account, visitorOf(reply)));

  app.post('/session', open, async (request, reply) => {
    const body = parseBody(signInRequestSchema, request.body ?? {});
    return answerSignedIn(reply, await accounts.signIn(body, visitorOf(reply)));
  });

  app.post('/session/owner', open, async (request, reply) => {
    const body = parseBody(createOwnerRequestSchema, request.body ?? {});
    const signedIn = await accounts.createOwner(body, visitorOf(reply));
    reply.code(201);
    return answerSignedIn(reply, signedIn);
  });

  app.put('/session/password', async (request, reply) => {
    const body = parseBody(changePasswordRequestSchema, request.body);
    await accounts.changePassword(accountOf(request), body, visitorOf(reply));
    return reply.code(204).send();
  });

  app.delete('/session', open, async (request, reply) => {
    const token = readSessionCookie(request);
    if (token !== null) await accounts.signOut(token);
    clearSessionCookie(reply);
    return reply.code(204).send();
  });
}
