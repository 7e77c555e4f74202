import type { BaseDocument, DocumentChange } from '@parley/contracts';
import type { BaseDocumentPage } from '../api/base-documents.ts';
import type { BaseDocumentPorts } from '../composables/knowledge/use-base-documents.ts';

const PAGE = 100;

/** FAKE server for the documents of a base: pages of its rows, and changes that the test says. */
export class FakeBaseDocuments implements BaseDocumentPorts {
  rows: BaseDocument[] = [];
  /** Thrown by every reading of a page. */
  refusal: unknown = null;
  readonly read: (string | null)[] = [];
  connections = 0;
  #queue: (DocumentChange[] | 'lost')[] = [];
  #wake: () => void = () => undefined;

  list = async (_baseId: string, after: string | null): Promise<BaseDocumentPage> => {
    this.read.push(after);
    if (this.refusal !== null) throw this.refusal;
    const start = Number(after ?? 0);
    const end = start + PAGE;
    return { documents: this.rows.slice(start, end), next: end < this.rows.length ? String(end) : null };
  };

  follow = async function* (this: FakeBaseDocuments, _baseId: string, signal: AbortSignal) {
    this.connections += 1;
    yield [];
    while (!signal.aborted) {
      const next = this.#queue.shift();
      if (next === 'lost') return;
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }.bind(this);

  /** No time passes; the signal is of no use. */
  wait = (): Promise<void> => Promise.resolve();

  tell(...changes: DocumentChange[]): void {
    this.#queue.push(changes);
    this.#wake();
  }

  loseConnection(): void {
    this.#queue.push('lost');
    this.#wake();
  }
}
