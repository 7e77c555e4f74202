import { z } from 'zod';

/** Settings of the controller process. */
export const controllerConfigSchema = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address that the controller listens on.'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(20_001)
    .describe('Port that the controller listens on; 0 takes a free one.'),
  secret: z
    .string()
    .regex(/^\S+$/, 'must be there and hold no spaces')
    .describe('The secret of this installation; every caller proves that it knows it.'),
  dispatch_method: z
    .enum(['shortest_queue', 'lottery'])
    .default('shortest_queue')
    .describe('How a worker is chosen: the one with the least to do, or by chance weighted by speed.'),
  heart_beat_expiry_ms: z
    .number()
    .int()
    .min(100)
    .default(3_500)
    .describe('A worker that was silent for longer is forgotten, in ms. Workers beat once a second.'),
  lease_ttl_ms: z
    .number()
    .int()
    .min(100)
    .default(5_000)
    .describe('A lease that its owner did not renew for this long ends by itself, in ms.'),
  queue_limit: z
    .number()
    .int()
    .min(0)
    .default(100)
    .describe(
      'How many requests may wait for one model; more are refused with 429. As many again may wait of users who have none there.',
    ),
  worker_wait_ms: z
    .number()
    .int()
    .min(0)
    .default(3_000)
    .describe('How long a request waits for a worker of a known model that is away at the moment, in ms.'),
  expected_models: z
    .array(z.string().min(1).max(256))
    .default([])
    .describe('Models that are configured, whether or not a worker serves them now.'),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('How much is logged.'),
});
export type ControllerConfig = z.output<typeof controllerConfigSchema>;
/** Settings as they are written: what has a default may be left out. */
export type ControllerSettings = z.input<typeof controllerConfigSchema>;
