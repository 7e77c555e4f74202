import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ParleyError } from '@parley/contracts';
import type { PoolMessage, ProcessMessage } from './reader-messages.ts';

const ENTRY = fileURLToPath(new URL('reader-process.ts', import.meta.url));
const KEPT_STDERR = 2_000;

export interface ProcessOptions {
  /** For Node itself. */
  nodeArguments: readonly string[];
  /** The module that has all formats. */
  formats: string;
  /** Processor time after which the system ends the process, whoever still watches it. */
  maxCpuSeconds: number;
}

/** One reader process, seen from the pool: messages in order, and a sure end. */
export class ReaderProcessHandle {
  /** Processor time that it has used, as it said last. */
  cpuMs = 0;
  readonly #child: ChildProcess;
  readonly #received: ProcessMessage[] = [];
  readonly #exited: Promise<unknown>;
  #waiting: { resolve: (message: ProcessMessage) => void; reject: (error: ParleyError) => void } | null = null;
  #end: ParleyError | null = null;
  #stderr = '';
  #isReady = false;

  constructor(options: ProcessOptions) {
    this.#child = forkLimited(options);
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', (message) => this.#take(message as ProcessMessage));
    this.#child.on('exit', (code, signal) => this.#finish(this.#crash(code, signal)));
    this.#child.on('error', (cause) => this.#finish(notStarted(cause)));
    this.#child.stderr?.on('data', (data: Buffer) => (this.#stderr = (this.#stderr + data).slice(-KEPT_STDERR)));
  }

  get isAlive(): boolean {
    return this.#end === null;
  }

  /** Why it has ended. */
  get reason(): ParleyError {
    return this.#end ?? notStarted(null);
  }

  /** Whether it answers, after its start or a `ping`; false when it has ended instead. */
  async isReady(): Promise<boolean> {
    const message = await this.next().catch(() => null);
    return message?.type === 'ready';
  }

  send(message: PoolMessage): void {
    // A process that has just died is reported by its exit, not by a failed write.
    this.#child.send(message, () => {});
  }

  /** The next message; rejects with the reason when the process ends instead. One caller at a time. */
  next(): Promise<ProcessMessage> {
    const message = this.#received.shift();
    if (message) return Promise.resolve(message);
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** Ends the process at once, whatever it does; `reason` is what `next` rejects with. */
  kill(reason: ParleyError): void {
    this.#received.length = 0;
    this.#finish(reason);
    this.#child.kill('SIGKILL');
  }

  /** Resolves when nothing is left of it. */
  async exited(): Promise<void> {
    if (this.#child.pid !== undefined) await this.#exited;
  }

  /** Bytes of memory that it holds; 0 where the system does not tell. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }

  #take(message: ProcessMessage): void {
    if (message.type === 'done' || message.type === 'failed') this.cpuMs = message.cpuMs;
    this.#isReady = true;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting.resolve(message);
    else if (this.#isNewerProgress(message)) this.#received.splice(-1, 1, message);
    else this.#received.push(message);
  }

  /** Progress is not waited for, so it must not pile up while the reader of events is busy. */
  #isNewerProgress(message: ProcessMessage): boolean {
    return isProgress(message) && isProgress(this.#received.at(-1));
  }

  #finish(reason: ParleyError): void {
    this.#end ??= reason;
    this.#waiting?.reject(this.#end);
    this.#waiting = null;
  }

  #crash(code: number | null, signal: NodeJS.Signals | null): ParleyError {
    const cause = new Error(`exit code ${code}, signal ${signal}: ${this.#stderr}`);
    if (!this.#isReady) return notStarted(cause);
    if (/heap limit|out of memory|Array buffer allocation failed/i.test(this.#stderr)) return tooMuchMemory(cause);
    return new ParleyError('document_unreadable', 'The reader broke down over this document.', { cause });
  }
}

/** A document that needs more memory than a reader may have. */
export function tooMuchMemory(cause?: unknown): ParleyError {
  const message = 'Reading this document needs more memory than it may have, so it was given up.';
  return new ParleyError('document_bomb', message, { cause });
}

function notStarted(cause: unknown): ParleyError {
  return new ParleyError('internal_error', 'The process that reads documents could not be started.', { cause });
}

function isProgress(message: ProcessMessage | undefined): boolean {
  return message?.type === 'event' && message.event.type === 'progress';
}

function forkLimited({ nodeArguments, formats, maxCpuSeconds }: ProcessOptions): ChildProcess {
  const hasShell = process.platform !== 'win32';
  // A parent that is killed cannot end a process that loops for ever; the system's own limit does.
  const limit = ['-c', `ulimit -t ${maxCpuSeconds}; exec "$0" "$@"`, process.execPath];
  return fork(ENTRY, [formats], {
    execPath: hasShell ? '/bin/sh' : process.execPath,
    execArgv: [...(hasShell ? limit : []), ...nodeArguments],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
