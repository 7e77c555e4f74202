import { z } from 'zod';
import { errorCodeSchema } from '../errors/error-body.ts';

/**
 * A lease is the right to send one request to one worker; a worker's in-flight count is the
 * number of its leases. It ends by `release`, or `ttl_ms` after its owner last renewed it.
 */
export const leaseSchema = z.object({
  lease_id: z.string().min(1).max(128),
  model: z.string().min(1).max(256),
  worker_name: z.string().min(1).max(2048),
  ttl_ms: z.number().int().positive(),
});
export type Lease = z.infer<typeof leaseSchema>;

/**
 * What a request's prompt begins with, as hashes, each of a longer beginning than the one before. The
 * controller prefers the worker that answered such a prompt last, because its memory holds the
 * beginning already, as long as that worker is not much busier than the others.
 */
const prefixesSchema = z.array(z.string().min(8).max(64)).max(32);

/** `POST /leases/acquire`, the HTTP door beside the connection. */
export const acquireRequestSchema = z.object({
  owner: z.string().min(1).max(128),
  model: z.string().min(1).max(256),
  /** Whose request it is; the queue is fair per user. */
  user: z.string().max(256).optional(),
  prefixes: prefixesSchema.optional(),
});
export type AcquireRequest = z.infer<typeof acquireRequestSchema>;

/** `POST /leases/release`; `is_unreachable` as in the `release` op below. */
export const releaseRequestSchema = z.object({
  owner: z.string().min(1).max(128),
  lease_id: z.string().min(1).max(128),
  is_unreachable: z.boolean().optional(),
});
/** `POST /leases/renew`: all leases of the owner; unknown ones are adopted (the controller may be new). */
export const renewRequestSchema = z.object({
  owner: z.string().min(1).max(128),
  leases: z.array(leaseSchema.omit({ ttl_ms: true })).max(100_000),
});

/**
 * What the gateway sends over the persistent connection (`GET /leases/connect`, WebSocket).
 * Each WebSocket message is a JSON array of these: everything that came up in one tick.
 */
export const leaseRequestSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('acquire'),
    request: z.number().int(),
    model: z.string(),
    user: z.string().optional(),
    prefixes: prefixesSchema.optional(),
  }),
  z.object({ op: z.literal('cancel'), request: z.number().int() }),
  /** `is_unreachable`: the worker could not be reached; it gets nothing more until it beats or registers again. */
  z.object({ op: z.literal('release'), lease_id: z.string(), is_unreachable: z.boolean().optional() }),
  z.object({ op: z.literal('renew'), leases: renewRequestSchema.shape.leases }),
]);
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

/** A live worker as the controller shows it: `GET /workers`, and pushed to gateways on every change. */
export const workerViewSchema = z.object({
  worker_name: z.string(),
  model_names: z.array(z.string()),
  speed: z.number(),
  concurrency: z.number().int().nullable(),
  in_flight: z.number().int(),
  queue_length: z.number().int(),
  last_heart_beat_ms_ago: z.number().int(),
});
export type WorkerView = z.infer<typeof workerViewSchema>;

/** The registry at a moment; `expected_models` are configured ones, whether or not a worker serves them now. */
export const registrySnapshotSchema = z.object({
  workers: z.array(workerViewSchema),
  expected_models: z.array(z.string()),
});
export type RegistrySnapshot = z.infer<typeof registrySnapshotSchema>;

/** What the controller sends back over the connection, an array per tick as well. */
export const leaseReplySchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('acquired'), request: z.number().int(), lease: leaseSchema }),
  z.object({
    op: z.literal('queued'),
    request: z.number().int(),
    position: z.number().int().positive(),
  }),
  z.object({
    op: z.literal('refused'),
    request: z.number().int(),
    code: errorCodeSchema,
    message: z.string(),
    retry_after_seconds: z.number().int().positive().nullish(),
  }),
  z.object({ op: z.literal('snapshot'), snapshot: registrySnapshotSchema }),
]);
export type LeaseReply = z.infer<typeof leaseReplySchema>;

/** `PUT /expected_models`: the configured models changed; requests for these wait for their workers. Answered 204. */
export const expectedModelsRequestSchema = z.object({ models: z.array(z.string().min(1).max(256)).max(10_000) });
