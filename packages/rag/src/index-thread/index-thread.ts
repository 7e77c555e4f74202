import { Worker } from 'node:worker_threads';
import { ParleyError } from '@parley/contracts';
import type {
  OperationName,
  Operations,
  ThreadAnswer,
  ThreadFailure,
  ThreadReady,
  ThreadRequest,
  ThreadSettings,
} from './thread-protocol.ts';

interface Waiting {
  resolve: (output: unknown) => void;
  reject: (error: Error) => void;
}

interface RunningThread {
  worker: Worker;
  waiting: Map<number, Waiting>;
  /** Resolves once the thread is no more. */
  ended: Promise<void>;
}

/** Memory of the thread beside its typed arrays; a thread that needs more dies alone. */
const HEAP_MIB = 512;
/**
 * Three times the space that is collected at once: an eighth faster than the smallest, for 10 MB.
 * A process that was started with `--max-semi-space-size` has that in its threads too, whatever stands here.
 */
const YOUNG_HEAP_MIB = 12;

/** Asks the thread, which is started with the first question, and again with the next one after it died. */
export class IndexThread {
  readonly #settings: ThreadSettings;
  #running: Promise<RunningThread> | null = null;
  #closing: Promise<void> | null = null;
  #lastId = 0;
  #starts = 0;
  #isRenewed = false;

  constructor(settings: ThreadSettings) {
    this.#settings = settings;
  }

  /** The file was found to be no good and was begun anew while it was in use; true until `noteRenewal`. */
  get isRenewed(): boolean {
    return this.#isRenewed;
  }

  noteRenewal(): void {
    this.#isRenewed = false;
  }

  /** Resolves once the thread has opened the file. */
  async start(): Promise<void> {
    await this.#thread();
  }

  async ask<Name extends OperationName>(
    name: Name,
    input: Operations[Name]['input'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Operations[Name]['output']> {
    if (this.#closing) throw new ParleyError('storage_failed', 'The search index is closed.');
    return send(await this.#thread(), { id: this.#nextId(), name, input }, transfer);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (!this.#running) return;
    const thread = await this.#running;
    await send(thread, { id: this.#nextId(), name: 'close', input: null }, []);
    await thread.ended;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #thread(): Promise<RunningThread> {
    this.#running ??= this.#startThread();
    return this.#running;
  }

  async #startThread(): Promise<RunningThread> {
    const worker = new Worker(new URL('index-worker.ts', import.meta.url), {
      workerData: this.#settings,
      name: 'index',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: YOUNG_HEAP_MIB },
    });
    const waiting: RunningThread['waiting'] = new Map();
    const ready = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));
    worker.on('message', (answer: ThreadAnswer) => settle(waiting, answer));
    let cause: unknown;
    worker.once('error', (error) => (cause = error));
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        this.#running = null;
        rejectAll(waiting, cause);
        resolve();
      });
    });
    const { isNew } = (await ready) as ThreadReady;
    this.#isRenewed ||= isNew && this.#starts > 0;
    this.#starts += 1;
    return { worker, waiting, ended };
  }
}

function send<Name extends OperationName>(
  { worker, waiting }: RunningThread,
  request: ThreadRequest & { name: Name },
  transfer: ArrayBuffer[],
): Promise<Operations[Name]['output']> {
  return new Promise((resolve, reject) => {
    waiting.set(request.id, { resolve: resolve as (output: unknown) => void, reject });
    worker.postMessage(request, transfer);
  });
}

function rejectAll(waiting: Map<number, Waiting>, cause: unknown): void {
  const message = 'The search index stopped; it starts again with the next search.';
  const error = new ParleyError('storage_failed', message, { cause });
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function settle(waiting: Map<number, Waiting>, answer: ThreadAnswer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if ('failure' in answer) asked?.reject(toError(answer.failure));
  else asked?.resolve(answer.output);
}

function toError({ kind, message }: ThreadFailure): Error {
  if (kind === 'range') return new RangeError(message);
  return new ParleyError('storage_failed', 'The search index could not be read or written.', { cause: message });
}
