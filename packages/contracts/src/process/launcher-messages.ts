import { z } from 'zod';

/**
 * What launcher and child say to each other over Node's IPC channel. The launcher opens with
 * `start`, the child answers `started` once it listens (the started event of the seeds), or
 * `failed`. `stop` asks for a graceful end; a channel that closes means the same.
 */
export const launcherMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), room: z.string(), config: z.unknown() }),
  z.object({ type: z.literal('stop'), grace_ms: z.number().int().nonnegative() }),
]);
export type LauncherMessage = z.infer<typeof launcherMessageSchema>;

export const childMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), address: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
