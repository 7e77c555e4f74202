import type { ChildProcess } from 'node:child_process';
import { childMessageSchema, type LauncherMessage } from '@parley/contracts';
import type { ProcessPlan } from './process-plan.ts';
import { StartFailure, toWords } from './start-failure.ts';

export interface StartWatch {
  plan: ProcessPlan;
  /** Longest time without a word from it. */
  timeoutMs: number;
  /** A model file is being read; the time starts anew. */
  onLoading: (percent: number | null) => void;
}

/** Hands the child its settings and waits for its started event. Answers its address; throws `StartFailure`. */
export function startedEvent(child: ChildProcess, { plan, timeoutMs, onLoading }: StartWatch): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (cause: Error) => reject(new StartFailure(cause.message, { cause }));
  const timer = setTimeout(() => reject(new StartFailure(`not ready after ${timeoutMs / 1000} s`)), timeoutMs);
  const onMessage = (message: unknown) => {
    const parsed = childMessageSchema.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    if (data.type === 'started') resolve(data.address);
    if (data.type === 'failed') {
      reject(new StartFailure(data.message, { code: data.code, isFinal: data.is_final }));
    }
    if (data.type === 'loading') {
      timer.refresh();
      onLoading(data.percent);
    }
  };
  const onExit = (code: number | null, signal: string | null) => {
    const exit = { code, signal };
    reject(new StartFailure(`ended before it was ready (${toWords(exit)})`, { exit }));
  };
  child.on('message', onMessage).once('exit', onExit).once('error', fail);
  child.send({ type: 'start', room: plan.room, config: plan.config } satisfies LauncherMessage, (error) => {
    if (error) fail(error);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', onMessage).off('exit', onExit).off('error', fail);
  });
}
