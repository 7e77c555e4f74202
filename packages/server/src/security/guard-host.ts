import type { FastifyRequest } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { hostNameOf, isLoopbackName, type Reach } from './loopback.ts';

/**
 * On an install that listens on loopback, the page's host must be a loopback name too. Otherwise
 * a foreign site could let its own name point to 127.0.0.1 and be same-origin with us (DNS rebinding).
 */
export function guardHost({ host, allowedHosts }: Reach): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (!isLoopbackName(host)) return;
    const name = hostNameOf(request.headers.host ?? '');
    if (name !== null && (isLoopbackName(name) || allowedHosts.includes(name))) return;
    throw new ParleyError(
      'foreign_origin',
      'This Parley answers to localhost and 127.0.0.1 only. To use another name, add it to server.allowed_hosts.',
    );
  };
}
