import { availableParallelism } from 'node:os';
import { ParleyError } from '@parley/contracts';
import type { ParseLimits } from '../documents/formats/format.ts';
import { processArguments } from './process-arguments.ts';
import { aborted, ProcessPool } from './process-pool.ts';
import { ReadWatch } from './read-watch.ts';
import type { DocumentReader, ReaderEvent, ReadInput } from './reader-events.ts';
import { ReaderProcessHandle } from './reader-process-handle.ts';
import { ScratchFolder, type Staged } from './scratch-folder.ts';

export interface DocumentReaderOptions {
  /** Documents that are read at the same time, at most; one less than there are cores unless told. */
  processes?: number;
  /** Milliseconds that a process may work on one document. */
  timeLimitMs?: number;
  /** Memory that a process may hold. */
  memoryLimitMb?: number;
  /** Milliseconds after which a process ends that is not used. */
  idleMs?: number;
  /** Milliseconds of processor time after which a process is replaced, so that what parsers leak goes with it. */
  retireCpuMs?: number;
  limits?: Partial<ParseLimits>;
  /**
   * A folder of the reader's own, on the disk of the documents, so that files are linked instead of
   * copied; what lies there is deleted at the first read. Without one, among the temporary files.
   */
  scratch?: string | null;
  /** Address of the module that has the formats; only tests name another. */
  formats?: URL;
}

const DEFAULTS = {
  processes: Math.max(1, availableParallelism() - 1),
  timeLimitMs: 300_000,
  memoryLimitMb: 1_024,
  idleMs: 20_000,
  retireCpuMs: 600_000,
  scratch: null,
  formats: new URL('../documents/formats/index.ts', import.meta.url),
};
const DEFAULT_LIMITS: ParseLimits = {
  maxTextLength: 20_000_000,
  maxUnpackedBytes: 1024 * 1024 * 1024,
  maxEntries: 10_000,
};
/** Of the memory limit; buffers and code need the rest. */
const HEAP_SHARE = 0.7;
/** Processor time, in time limits, that a document can take at most: parsers have helper threads. */
const CORES_OF_A_PROCESS = 4;

/** Reads documents in processes of their own: nothing is started before the first read. The caller closes it. */
export function createDocumentReader(options: DocumentReaderOptions = {}): DocumentReader {
  return new PooledDocumentReader({ ...DEFAULTS, ...options, limits: { ...DEFAULT_LIMITS, ...options.limits } });
}

type Settings = Required<DocumentReaderOptions> & { limits: ParseLimits };

class PooledDocumentReader implements DocumentReader {
  readonly #settings: Settings;
  readonly #pool: ProcessPool;
  #scratch: Promise<ScratchFolder> | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#pool = new ProcessPool({
      processes: settings.processes,
      idleMs: settings.idleMs,
      retireCpuMs: settings.retireCpuMs,
      start: () => this.#startProcess(),
    });
  }

  async *read(input: ReadInput, signal: AbortSignal): AsyncGenerator<ReaderEvent> {
    if (signal.aborted) throw aborted(signal);
    const scratch = await this.#openScratch();
    const staged = await scratch.stage(input.kind === 'file' ? input.path : null);
    let keepEntries = false;
    try {
      yield* this.#readStaged(input, staged, signal);
      keepEntries = true;
    } finally {
      await scratch.unstage(staged, { keepEntries });
    }
    yield { type: 'end' };
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await (await this.#scratch)?.remove();
    this.#scratch = null;
  }

  /** What a process says of one document, up to its end. */
  async *#readStaged(input: ReadInput, staged: Staged, signal: AbortSignal): AsyncGenerator<ReaderEvent> {
    const child = await this.#pool.acquire(signal);
    const watch = new ReadWatch(child, this.#settings);
    const abort = () => child.kill(aborted(signal));
    signal.addEventListener('abort', abort, { once: true });
    let isFree = false;
    try {
      if (signal.aborted) throw aborted(signal);
      const request = { input: atStagedPath(input, staged), folder: staged.folder, limits: this.#settings.limits };
      child.send({ type: 'read', request });
      for (;;) {
        const message = await watch.during(() => child.next());
        isFree = message.type === 'done' || message.type === 'failed';
        if (message.type === 'done') return;
        if (message.type === 'failed') throw new ParleyError(message.code, message.message);
        if (message.type === 'ready') continue;
        yield message.event;
        if (message.event.type !== 'progress') child.send({ type: 'next' });
      }
    } finally {
      watch.stop();
      signal.removeEventListener('abort', abort);
      await this.#pool.release(child, { isFree });
    }
  }

  async #startProcess(): Promise<ReaderProcessHandle> {
    const { memoryLimitMb, timeLimitMs, retireCpuMs, formats } = this.#settings;
    const scratch = await this.#openScratch();
    return new ReaderProcessHandle({
      nodeArguments: processArguments(scratch, Math.ceil(memoryLimitMb * HEAP_SHARE)),
      formats: formats.href,
      maxCpuSeconds: Math.ceil((retireCpuMs + timeLimitMs * CORES_OF_A_PROCESS) / 1_000),
    });
  }

  #openScratch(): Promise<ScratchFolder> {
    this.#scratch ??= ScratchFolder.open(this.#settings.scratch);
    return this.#scratch;
  }
}

function atStagedPath(input: ReadInput, { path }: Staged): ReadInput {
  return input.kind === 'file' ? { ...input, path } : input;
}
