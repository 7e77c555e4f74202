import type { ChildProcess } from 'node:child_process';
import { childMessageSchema, ParleyError, type HostRequest, type LauncherMessage } from '@parley/contracts';

/** Answers what a child asks over its channel. A child that has gone meanwhile gets nothing. */
export function answerHostRequests(child: ChildProcess, answer: (request: HostRequest) => Promise<unknown>): void {
  const reply = async (request: number, body: HostRequest) => {
    const outcome = await answer(body).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: toParleyError(error).toBody() }),
    );
    if (child.connected) child.send({ type: 'host-reply', request, ...outcome } satisfies LauncherMessage, () => {});
  };
  child.on('message', (message: unknown) => {
    const parsed = childMessageSchema.safeParse(message);
    if (parsed.success && parsed.data.type === 'host-request') void reply(parsed.data.request, parsed.data.body);
  });
}

function toParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  console.error(error); // A fault of the launcher; the child is told no more than that there was one.
  return new ParleyError('internal_error', 'The launcher failed; its log says more.', { cause: error });
}
