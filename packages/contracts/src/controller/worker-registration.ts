import { z } from 'zod';

/** FastChat's worker status (controller.py 288–350), with our own optional fields beside it. */
export const workerStatusSchema = z.looseObject({
  model_names: z.array(z.string().min(1).max(256)).min(1).max(1000),
  /** Relative speed; a worker of speed 2 is given twice the requests. */
  speed: z.number().positive().max(1e6),
  /** Requests running and waiting in the worker. */
  queue_length: z.number().int().nonnegative(),
  /** How many requests the worker runs at once; foreign workers do not say. */
  concurrency: z.number().int().positive().optional(),
});
export type WorkerStatus = z.infer<typeof workerStatusSchema>;

/** `POST /register_worker`, answered with `null` as FastChat does. `worker_name` is the worker's base URL. */
export const registerWorkerRequestSchema = z.looseObject({
  worker_name: z.url({ protocol: /^https?$/ }).max(2048),
  check_heart_beat: z.boolean(),
  worker_status: workerStatusSchema.nullish(),
  multimodal: z.boolean().nullish(),
});
export type RegisterWorkerRequest = z.infer<typeof registerWorkerRequestSchema>;

/** `POST /receive_heart_beat`; answered `{exist: false}` when the worker must register again at once. */
export const heartBeatRequestSchema = z.looseObject({
  worker_name: z.string().min(1).max(2048),
  queue_length: z.number().int().nonnegative(),
});
export type HeartBeatRequest = z.infer<typeof heartBeatRequestSchema>;
export const heartBeatReplySchema = z.looseObject({ exist: z.boolean() });

/** `POST /unregister_worker`: a worker that stops in good order is forgotten at once (not in FastChat). */
export const unregisterWorkerRequestSchema = z.object({ worker_name: z.string().min(1).max(2048) });

/** `POST /get_worker_address`; answered with `""` when nobody serves the model. */
export const workerAddressRequestSchema = z.looseObject({ model: z.string().min(1).max(256) });
export const workerAddressReplySchema = z.looseObject({ address: z.string() });

/** `POST /list_models`. */
export const listModelsReplySchema = z.looseObject({ models: z.array(z.string()) });

/** `GET /worker/status`: what a worker says of itself beside FastChat's status; read loosely. */
export const workerFactsSchema = z.looseObject({
  running: z.number().int().nonnegative().nullish(),
  waiting: z.number().int().nonnegative().nullish(),
  /** Tokens that it wrote in the last ten seconds, for a second. */
  tokens_per_second: z.number().nonnegative().nullish(),
  /** Tokens of prompt and answer together. */
  context_length: z.number().int().positive().nullish(),
  /** Sequences of a local model in use; a request that was aborted holds its own until the step it is in ends. */
  busy_sequences: z.number().int().nonnegative().nullish(),
  gpu_memory_bytes: z.number().int().nonnegative().nullish(),
});
export type WorkerFacts = z.output<typeof workerFactsSchema>;
