import type { Formats } from '../documents/formats/format.ts';
import { readDocument } from './read-document.ts';
import type { PoolMessage, ProcessMessage, ReadRequest } from './reader-messages.ts';
import { toReadError } from './to-read-error.ts';

/** Answers the pool over the channel of `channel`, one document at a time; ends the process when the pool is gone. */
export function serveReads(channel: NodeJS.Process, loadFormats: () => Promise<Formats>): void {
  let resume: (() => void) | null = null;
  const say = (message: ProcessMessage) => void channel.send?.(message);

  async function serve(request: ReadRequest): Promise<void> {
    const events = readDocument(request, {
      formats: await loadFormats(),
      report: (event) => say({ type: 'event', event }),
    });
    for await (const event of events) {
      // The pool asks for the next event when this one was used: no more than one is ever on its way.
      const asked = new Promise<void>((resolve) => (resume = resolve));
      say({ type: 'event', event });
      await asked;
    }
  }

  channel.on('message', (message: PoolMessage) => {
    if (message.type === 'next') return resume?.();
    if (message.type === 'ping') return say({ type: 'ready' });
    serve(message.request).then(
      () => say({ type: 'done', cpuMs: cpuMs() }),
      (error: unknown) => say({ type: 'failed', ...toReadError(error), cpuMs: cpuMs() }),
    );
  });
  channel.on('disconnect', () => channel.exit());
  say({ type: 'ready' });
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
