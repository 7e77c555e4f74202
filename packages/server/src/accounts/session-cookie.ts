import type { FastifyReply, FastifyRequest } from 'fastify';

const SESSION_COOKIE = 'parley_session';

/** The value of the session cookie, or null. */
export function readSessionCookie(request: FastifyRequest): string | null {
  return request.cookies[SESSION_COOKIE] ?? null;
}

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: number): void {
  reply.setCookie(SESSION_COOKIE, token, { ...cookieOptions(reply.request), expires: new Date(expiresAt) });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, cookieOptions(reply.request));
}

// A proxy in front speaks https for us; believing it wrongly only makes the cookie stricter.
function cookieOptions(request: FastifyRequest) {
  const isHttps = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isHttps } as const;
}
