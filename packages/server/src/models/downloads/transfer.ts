import { ParleyError } from '@parley/contracts';
import { askInTurn, BrokenOff, type Outcome } from './ask-in-turn.ts';
import type { ProgressMeter } from './download-progress.ts';
import { requireSpace, type DiskSpace } from './free-space.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { FileSource } from './model-source.ts';
import type { OpenRemote, RangeRequest, RemoteAnswer } from './open-remote.ts';
import type { PartFile } from './part-file.ts';
import { CHUNK_BYTES, receiveBody } from './receive-body.ts';

export interface TransferOptions {
  source: FileSource;
  folder: string;
  open: OpenRemote;
  part: PartFile;
  meter: ProgressMeter;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  stallMs: number;
  readSpace: (folder: string) => Promise<DiskSpace>;
  signal: AbortSignal;
}

/** Brings the rest of a file, over as many requests as it takes. */
export class Transfer {
  readonly #options: TransferOptions;
  #usesRanges = true;
  #usesIfRange = true;
  /** Who is being asked, and who told the etag; every endpoint has its own. */
  #asked = '';
  #toldEtag: string | null = null;
  #hasBegunAnew = false;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** Resolves when the file is whole. */
  run(): Promise<void> {
    const { part, source, signal, wait } = this.#options;
    return askInTurn({
      source,
      signal,
      wait,
      received: () => part.state.received,
      isDone: () => part.isComplete,
      ask: (url) => this.#ask(url),
    });
  }

  async #ask(url: string): Promise<Outcome> {
    const { open, signal } = this.#options;
    this.#asked = url;
    const range = this.#range();
    const answer = await open(url, range, signal);
    try {
      return await this.#take(answer, range);
    } finally {
      answer.body.destroy();
    }
  }

  #range(): RangeRequest | null {
    const { received, etag, size } = this.#options.part.state;
    if (!this.#usesRanges) return null;
    const end = Math.min(received + CHUNK_BYTES, size ?? Infinity);
    const isEtagTheirs = this.#usesIfRange && (this.#toldEtag ?? this.#asked) === this.#asked;
    return { from: received, to: end - 1, ifRange: isEtagTheirs ? etag : null };
  }

  async #take(answer: RemoteAnswer, range: RangeRequest | null): Promise<Outcome> {
    const { part } = this.#options;
    const verdict = judgeAnswer(answer, range, part.state);
    switch (verdict.kind) {
      case 'goes-on':
        return this.#receive(answer);
      case 'from-the-start':
        if (part.state.received > 0) await part.beginAnew();
        return this.#receive(answer);
      case 'complete':
        part.learn({ size: part.state.received });
        return null;
      case 'changed':
        await this.#beginAnew('changed while it was downloaded');
        return answer.status === 200 ? this.#receive(answer) : null;
      case 'wrong-range':
        this.#usesRanges = false;
        await this.#beginAnew('was sent from another place than was asked for');
        return null;
      case 'ask-without-if-range':
        this.#usesIfRange = false;
        return null;
      default:
        return verdict;
    }
  }

  async #receive(answer: RemoteAnswer): Promise<null> {
    const { part, meter, source, stallMs, folder, readSpace } = this.#options;
    const { size, etag, digest } = part.state;
    part.learn({ size: answer.size ?? size, etag: answer.etag ?? etag, digest: answer.digest ?? digest });
    this.#toldEtag = this.#asked;
    const before = part.state.received;
    const requireRoom = async (bytes: number) => requireSpace(await readSpace(folder), bytes, source.file);
    await requireRoom((part.state.size ?? 0) - before);
    meter.received(before, part.state.size);
    const isWhole = answer.status === 200;
    const endBytes = Math.min(part.state.size ?? Infinity, isWhole ? Infinity : before + CHUNK_BYTES);
    const onBytes = (bytes: number) => meter.received(bytes, part.state.size);
    await receiveBody(answer.body, part, { file: source.file, endBytes, stallMs, requireRoom, onBytes });
    if (isWhole && part.state.size === null) part.learn({ size: part.state.received });
    // A server that sends less each time is asked again; one that sends nothing would be asked for ever.
    const isShort = isWhole ? !part.isComplete : part.state.received === before;
    if (isShort) throw new BrokenOff('The body ended early.');
    return null;
  }

  async #beginAnew(what: string): Promise<void> {
    const { part, source } = this.#options;
    if (this.#hasBegunAnew) {
      throw new ParleyError(
        'download_mismatch',
        `"${source.file}" ${what}, twice. Try again later, or from elsewhere.`,
      );
    }
    this.#hasBegunAnew = true;
    await part.beginAnew();
  }
}
