import { EventEmitter } from 'node:events';

/** Tells followers that a document changed or went. What it is now is read from the rows. */
export class DocumentChanges {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Said after the change is stored. */
  announce(baseId: string, documentId: string): void {
    this.#emitter.emit(baseId, documentId);
  }

  /** Calls back for each change of a base's documents, until the answer is called. */
  follow(baseId: string, onChange: (documentId: string) => void): () => void {
    this.#emitter.on(baseId, onChange);
    return () => this.#emitter.off(baseId, onChange);
  }
}
