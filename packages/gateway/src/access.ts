import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { END_USER_HEADER, ParleyError } from '@parley/contracts';
import { bearerToken } from '@parley/service-kit';

const LOOPBACK_ADDRESS = /^(?:127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/i;
const MAX_USER_LENGTH = 256;

export interface Caller {
  /** What proved who it is: the installation's secret, one of the keys, or, where there are no keys, its place. */
  proof: 'secret' | 'key' | 'place';
  /** Whose turn it is in the queue. */
  user: string;
  /** Whose request it is, as the application server says; null from everyone else. */
  endUser: string | null;
}

interface AccessSettings {
  secret: string;
  api_keys: readonly string[];
}

/** Says who calls. Throws `invalid_api_key` when the caller may not. */
export type Access = (request: FastifyRequest) => Caller;

export function createAccess({ secret, api_keys }: AccessSettings): Access {
  const ours = digest(secret);
  const keys = api_keys.map(digest);
  return (request) => {
    const token = bearerToken(request.headers.authorization);
    const given = token === null ? null : digest(token);
    if (given !== null && timingSafeEqual(given, ours)) return ofInstallation(request);
    if (keys.length === 0) return fromThisMachine(request);
    const index = given === null ? -1 : indexOfKey(keys, given);
    if (index !== -1) return { proof: 'key', user: `key:${index}`, endUser: null };
    throw refused(token === null ? 'This API asks for a key, as a bearer token.' : 'This key is not known here.');
  };
}

function ofInstallation(request: FastifyRequest): Caller {
  const header = request.headers[END_USER_HEADER];
  const endUser = typeof header === 'string' && header.length <= MAX_USER_LENGTH ? header : null;
  return { proof: 'secret', user: endUser ?? 'installation', endUser };
}

// The Host is looked at as well: a web page can make its own name point to this machine, and a
// browser then sends its requests here.
function fromThisMachine({ socket, headers }: FastifyRequest): Caller {
  const isLocal = LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') && LOOPBACK_HOST.test(headers.host ?? '');
  if (isLocal) return { proof: 'place', user: 'local', endUser: null };
  throw refused('Without keys this API answers programs on its own machine only. Set gateway.api_keys to open it.');
}

// Every key is compared, so that the time does not tell which one was close.
function indexOfKey(keys: readonly Buffer[], given: Buffer): number {
  let found = -1;
  for (const [index, key] of keys.entries()) if (timingSafeEqual(key, given)) found = index;
  return found;
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

function refused(message: string): ParleyError {
  return new ParleyError('invalid_api_key', message);
}
