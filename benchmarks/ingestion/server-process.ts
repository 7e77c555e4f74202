import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startServer, type ServerConfigInput } from '@parley/server';

/** How often the loop is asked whether it still turns; what it is late beyond this is a block. */
const RESOLUTION_MS = 5;

/** What the server's process says of itself; milliseconds and bytes. */
export interface ServerSample {
  /** Longest time that the event loop was blocked since the sample before. */
  longestBlockMs: number;
  p99BlockMs: number;
  rss: number;
}

/** The application server in a process of its own, that also watches its own event loop. */
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

process.on('message', (message: { start: ServerConfigInput } | { sample: true }) => {
  if ('start' in message) void start(message.start);
  else process.send?.(sample());
});
process.on('disconnect', () => process.exit());

async function start(settings: ServerConfigInput): Promise<void> {
  const { address } = await startServer(settings);
  delays.enable();
  process.send?.({ address });
}

function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

function sample(): ServerSample {
  const result = {
    longestBlockMs: late(delays.max),
    p99BlockMs: late(delays.percentile(99)),
    rss: process.memoryUsage.rss(),
  };
  delays.reset();
  return result;
}
