import { ParleyError, type BaseDocument, type DocumentChange, type DocumentState } from '@parley/contracts';

const RUNNING: ReadonlySet<DocumentState> = new Set(['queued', 'fetching', 'parsing', 'splitting', 'embedding']);
/** Files whose contents become documents of their own. */
const CONTAINER = /\.(?:zip|eml|msg|mbox)$/i;

export interface WatchedDocumentsOptions {
  /** When adding began, in ms since 1970. */
  since: number;
  /** Whether pages that are found on the way belong to what was added. */
  isCrawling: boolean;
  /** Hears each document of ours that changed. */
  onChange?: (document: BaseDocument) => void;
}

/** What was added to a base, and what came out of it: the files of an archive, the pages of a site. */
export class WatchedDocuments {
  readonly #documents = new Map<string, BaseDocument>();
  /** Names of ours, also of an archive that is gone by now: its files are heard of later. */
  readonly #names = new Set<string>();
  readonly #options: WatchedDocumentsOptions;

  constructor(options: WatchedDocumentsOptions) {
    this.#options = options;
  }

  /** Oldest first. */
  get list(): BaseDocument[] {
    return [...this.#documents.values()];
  }

  get isSettled(): boolean {
    return this.list.every((document) => isPutOff(document) || !isRunning(document));
  }

  /** A document that was added by us. */
  add(document: BaseDocument): void {
    this.#documents.set(document.id, document);
    this.#names.add(document.name);
    this.#options.onChange?.(document);
  }

  /** What became of a document of the base; others than ours are passed over. */
  take(change: DocumentChange): void {
    if ('removed' in change) this.#documents.delete(change.id);
    else if (this.#isOurs(change)) this.add(change);
  }

  /**
   * Whether a document that was made at `createdAt` may still be one of ours that nothing was heard
   * of: an archive may be told to be ready before its files are told to be there.
   */
  mayHide(createdAt: number): boolean {
    return createdAt >= this.#options.since || [...this.#names].some((name) => CONTAINER.test(name));
  }

  #isOurs({ id, name, kind, updated_at: updatedAt }: BaseDocument): boolean {
    if (this.#documents.has(id)) return true;
    const { isCrawling, since } = this.#options;
    if (kind === 'page') return isCrawling && updatedAt >= since;
    return [...this.#names].some((container) => name.startsWith(`${container}/`));
  }
}

/** It failed for now: it is tried again after a while, which may be hours. */
export function isPutOff({ state, error }: BaseDocument): boolean {
  return state === 'queued' && error !== null;
}

function isRunning({ state, is_crawling: isCrawling }: BaseDocument): boolean {
  return RUNNING.has(state) || isCrawling === true;
}

/** Waits until all that was added came to an end, good or bad, or was put off. Throws `stream_interrupted` when the server is gone. */
export async function untilSettled(
  watched: WatchedDocuments,
  { changes, documents }: { changes: AsyncIterator<DocumentChange>; documents: () => AsyncIterable<BaseDocument> },
): Promise<void> {
  while (true) {
    if (watched.isSettled) {
      for await (const document of documents()) {
        if (!watched.mayHide(document.created_at)) break;
        watched.take(document);
      }
      if (watched.isSettled) return;
    }
    const { value, done } = await changes.next();
    if (done) throw new ParleyError('stream_interrupted', 'The server ended while the documents were being read.');
    watched.take(value);
  }
}
