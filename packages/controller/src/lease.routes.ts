import type { FastifyInstance } from 'fastify';
import {
  acquireRequestSchema,
  ParleyError,
  releaseRequestSchema,
  renewRequestSchema,
  type AcquireRequest,
  type Lease,
} from '@parley/contracts';
import { parseBody, readerGone } from '@parley/service-kit';
import type { Dispatcher, LeaseSeeker } from './dispatcher.ts';

/** A renewal names all leases of its owner, 100,000 at most. */
const RENEW_BODY_LIMIT = 64 * 1024 * 1024;

/** Leases over plain HTTP, for those who keep no connection. */
export function addLeaseRoutes(app: FastifyInstance, dispatcher: Dispatcher): void {
  app.post('/leases/acquire', (request, reply) => {
    const call = parseBody(acquireRequestSchema, request.body);
    return acquire(dispatcher, call, readerGone(reply));
  });

  app.post('/leases/release', (request) => {
    const { owner, ...release } = parseBody(releaseRequestSchema, request.body);
    if (dispatcher.release(owner, release) === null) {
      throw new ParleyError('lease_not_found', 'There is no such lease of this owner; it may have ended already.');
    }
    return { released: true };
  });

  app.post('/leases/renew', { bodyLimit: RENEW_BODY_LIMIT }, (request) => {
    const { owner, leases } = parseBody(renewRequestSchema, request.body);
    dispatcher.renew(owner, leases);
    return { renewed: leases.length };
  });
}

/** Waits in the queue as long as the caller does. */
function acquire(dispatcher: Dispatcher, call: AcquireRequest, gone: AbortSignal): Promise<Lease> {
  return new Promise((resolve, reject) => {
    const seeker: LeaseSeeker = {
      owner: call.owner,
      model: call.model,
      user: call.user ?? call.owner,
      prefixes: call.prefixes,
      queued: () => {},
      refused: reject,
      granted(lease) {
        // Nobody is there to release it.
        if (gone.aborted) dispatcher.release(call.owner, lease);
        resolve(lease);
      },
    };
    gone.addEventListener('abort', () => {
      if (dispatcher.cancel(seeker)) reject(new ParleyError('request_aborted', 'The caller went away.'));
    });
    dispatcher.acquire(seeker);
  });
}
