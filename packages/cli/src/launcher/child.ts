import { flushCompileCache } from 'node:module';
import { launcherMessageSchema, ParleyError, type ChildMessage, type ErrorCode } from '@parley/contracts';
import type { RunningService } from '@parley/service-kit';
import { ConfigError } from '@parley/service-kit/config';
import { collectWhenIdle } from './collect-when-idle.ts';
import { HostClient } from './host-client.ts';
import type { Room } from './process-plan.ts';

/**
 * The program of every process but the launcher. It loads its room at once, waits for `start`
 * with the room's settings, answers `started`, and ends when it is told to, or when the launcher
 * is gone, however that happened.
 */
const ORPHAN_GRACE_MS = 2_000;

/** After SIGTERM. Whoever sends it to the whole group (systemd does) ends the neighbours too, and answers pass through all of them. */
const SIGNAL_GRACE_MS = 10_000;

/** What a service may need beyond its grace to store how its answers ended. */
const FORCED_AFTER_MS = 1_000;

/** Failures of a model that trying again cannot help. */
const FINAL_CODES: ReadonlySet<ErrorCode> = new Set(['model_file_missing', 'model_file_unreadable', 'model_too_large']);

type Start = (config: never) => Promise<RunningService>;
const starters: Record<Room, () => Promise<Start>> = {
  controller: async () => (await import('@parley/controller')).startController,
  gateway: async () => (await import('@parley/gateway')).startGateway,
  worker: async () => {
    const { startWorker } = await import('@parley/worker');
    return (config) => startWorker(config, { onLoading: (percent) => tell({ type: 'loading', percent }) });
  },
  server: async () => {
    const { startServer } = await import('@parley/server');
    return (config) => startServer(config, { modelHost: new HostClient(process) });
  },
};

/** Runs the room named on the command line; called only in a process that the launcher forked. */
export function runChild(room: Room): void {
  const loading = starters[room]();
  loading.catch(() => {}); // Told when the launcher says start.
  let service: RunningService | null = null;
  let endsBy = Number.POSITIVE_INFINITY;

  const stop = async (graceMs: number) => {
    const isStopping = endsBy < Number.POSITIVE_INFINITY;
    const limit = performance.now() + graceMs + FORCED_AFTER_MS;
    // Told again, it ends by the earlier time; a timer that comes later finds no process.
    if (limit < endsBy) setTimeout(() => process.exit(1), graceMs + FORCED_AFTER_MS).unref();
    endsBy = Math.min(endsBy, limit);
    if (isStopping) return;
    await service?.close();
    process.exit(0);
  };
  const start = async (config: unknown) => {
    try {
      const begin = await loading;
      service = await begin(config as never); // Each room parses its settings itself.
      tell({ type: 'started', address: service.address });
      flushCompileCache();
      collectWhenIdle();
    } catch (error) {
      tell(toFailed(error));
      process.exitCode = 1;
      process.disconnect?.();
    }
  };

  process.on('message', (message: unknown) => {
    const parsed = launcherMessageSchema.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.type === 'start') void start(parsed.data.config);
    if (parsed.data.type === 'stop') void stop(parsed.data.grace_ms);
  });
  process.on('disconnect', () => void stop(ORPHAN_GRACE_MS));
  // Ctrl+C goes to the whole group; the launcher decides in which order its children end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => void stop(SIGNAL_GRACE_MS));
}

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function toFailed(error: unknown): ChildMessage {
  const message = plainReason(error);
  if (error instanceof ConfigError) return { type: 'failed', message, is_final: true, code: 'invalid_request' };
  if (!(error instanceof ParleyError)) return { type: 'failed', message, is_final: false };
  return { type: 'failed', message, is_final: FINAL_CODES.has(error.code), code: error.code };
}

function plainReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof ParleyError) return message;
  // One line for each wrong setting, by its path within the room: people know a model's settings by their names.
  if (error instanceof ConfigError) return message.replaceAll(/\n\s*(?:worker\.model\.)?/g, ' ');
  return code && !message.includes(code) ? `${code}: ${message}` : message;
}
