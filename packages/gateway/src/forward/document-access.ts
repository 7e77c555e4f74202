import type { FastifyRequest } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { bearerToken } from '@parley/service-kit';
import type { Access } from '../access.ts';

/** What a person's own token begins with. */
const TOKEN_PREFIX = 'parley_';

/**
 * The credential with which the application server is asked: a person's own token as it came, the
 * installation's secret for who has a key of this gateway, which is the owner's. To be a program on
 * this machine is not enough: other people's programs run here too, and these are documents. Throws
 * `invalid_api_key`.
 */
export function createDocumentAccess(access: Access, secret: string): (request: FastifyRequest) => string {
  return (request) => {
    const token = bearerToken(request.headers.authorization);
    if (token?.startsWith(TOKEN_PREFIX) === true) return token;
    if (access(request).proof !== 'place') return secret;
    const message = 'Files and vector stores belong to somebody: send a token of yours, or one of gateway.api_keys.';
    throw new ParleyError('invalid_api_key', message);
  };
}
