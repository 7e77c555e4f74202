import { z } from 'zod';
import { modelPurposeSchema } from '../app/models.ts';

/**
 * A model that the launcher is to run beside those of the configuration file. `worker` is the worker's
 * own `model` setting (`ModelConfig`), keys opened: it travels over the channel and nowhere else.
 */
export const hostedModelSchema = z.object({
  name: z.string().min(1).max(256),
  purpose: modelPurposeSchema,
  kind: z.enum(['local', 'online']),
  worker: z.record(z.string(), z.unknown()),
  /** Kept, but not run. */
  is_released: z.boolean(),
});
export type HostedModel = z.output<typeof hostedModelSchema>;

/** A model's process as the launcher sees it. */
export const hostedProcessSchema = z.object({
  /** Name of the model. */
  model: z.string(),
  pid: z.number().int().nullable(),
  state: z.enum(['starting', 'loading', 'running', 'restarting', 'released', 'failed']),
  address: z.string().nullable(),
  restarts: z.number().int(),
  loading_percent: z.number().nullable(),
  /** Why it died or could not start last; a whole sentence. */
  problem: z.string().nullable(),
  memory_bytes: z.number().int().nonnegative(),
});
export type HostedProcess = z.output<typeof hostedProcessSchema>;

/** What the application server may ask of the launcher. Every request gets one reply. */
export const hostRequestSchema = z.discriminatedUnion('op', [
  /**
   * The models that are to run, whole: new ones are started, missing ones ended, changed ones replaced.
   * Answered once that has begun. A name of the configuration file is left out and answered
   * `name_taken`, after all others were taken over.
   */
  z.object({ op: z.literal('set-models'), models: z.array(hostedModelSchema) }),
  z.object({ op: z.literal('processes') }),
  /** A second process is started, takes over, and the first ends after its answers. Answered once the second has taken over. */
  z.object({ op: z.literal('replace'), model: z.string() }),
  /** Ends the process of a model and keeps it down until `load`; also one of the configuration file. Answered once it has ended. */
  z.object({ op: z.literal('release'), model: z.string() }),
  /** Starts it again; also one that stays down after failures. Answered once that has begun. */
  z.object({ op: z.literal('load'), model: z.string() }),
  /** The last lines of its log. */
  z.object({ op: z.literal('log'), model: z.string() }),
  /** Starts a worker that registers nowhere, to try settings; it ends by `end-trial`, or by itself after a minute. */
  z.object({ op: z.literal('start-trial'), model: hostedModelSchema }),
  z.object({ op: z.literal('end-trial'), trial: z.string() }),
]);
export type HostRequest = z.output<typeof hostRequestSchema>;

/** The replies by request; an operation that has nothing to say answers null. */
export const hostReplySchemas = {
  'set-models': z.null(),
  processes: z.object({ processes: z.array(hostedProcessSchema) }),
  replace: z.null(),
  release: z.null(),
  load: z.null(),
  log: z.object({ lines: z.array(z.string()) }),
  'start-trial': z.object({ trial: z.string(), address: z.string() }),
  'end-trial': z.null(),
} as const;
export type HostReply<Op extends HostRequest['op']> = z.output<(typeof hostReplySchemas)[Op]>;
