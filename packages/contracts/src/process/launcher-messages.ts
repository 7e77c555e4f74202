import { z } from 'zod';
import { errorBodySchema, errorCodeSchema } from '../errors/error-body.ts';
import { hostRequestSchema } from './model-host.ts';

/**
 * What launcher and child say to each other over Node's IPC channel. The launcher opens with
 * `start`, the child answers `started` once it listens (the started event of the seeds), or
 * `failed`. `stop` asks for a graceful end; a channel that closes means the same. The application
 * server asks for changes of the models by `host-request`, and each gets its `host-reply`.
 */
export const launcherMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), room: z.string(), config: z.unknown() }),
  z.object({ type: z.literal('stop'), grace_ms: z.number().int().nonnegative() }),
  z.object({
    type: z.literal('host-reply'),
    request: z.number().int(),
    /** Exactly one of both is there. */
    result: z.unknown().optional(),
    error: errorBodySchema.optional(),
  }),
]);
export type LauncherMessage = z.infer<typeof launcherMessageSchema>;

export const childMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), address: z.string() }),
  /** A model file is being read; each one gives the start more time. */
  z.object({ type: z.literal('loading'), percent: z.number().min(0).max(100).nullable() }),
  /** `is_final`: trying again cannot help (a file that is broken or does not fit), so it stays down. */
  z.object({
    type: z.literal('failed'),
    message: z.string(),
    is_final: z.boolean().default(false),
    /** Of a failure that the error table knows. */
    code: errorCodeSchema.optional(),
  }),
  z.object({ type: z.literal('host-request'), request: z.number().int(), body: hostRequestSchema }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
