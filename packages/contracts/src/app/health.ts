import { z } from 'zod';

/** `GET /health` of every service, and `GET /api/health`: open, without secrets. */
export const healthSchema = z.looseObject({ status: z.literal('ok'), service: z.string(), version: z.string() });
export type Health = z.infer<typeof healthSchema>;
