import type { BaseDocument, DocumentChange } from '@parley/contracts';

/**
 * The documents of a base, from two tellers: pages that are read one after the other, and changes
 * that come in meanwhile. Whichever is newer stands.
 */
export class DocumentRows {
  #rows = new Map<string, BaseDocument>();
  /** Said by a page or a change since the reading began. */
  #seen = new Set<string>();
  #removed = new Set<string>();

  /** Newest first. */
  list(): BaseDocument[] {
    return [...this.#rows.values()].toSorted(newestFirst);
  }

  beginReading(): void {
    this.#seen = new Set();
    this.#removed = new Set();
  }

  addPage(documents: readonly BaseDocument[]): void {
    for (const document of documents) if (!this.#removed.has(document.id)) this.#put(document);
  }

  /** What no page and no change has named since then is gone. */
  endReading(): void {
    for (const id of this.#rows.keys()) if (!this.#seen.has(id)) this.#rows.delete(id);
  }

  apply(changes: readonly DocumentChange[]): void {
    for (const change of changes) {
      if ('removed' in change) {
        this.#removed.add(change.id);
        this.#rows.delete(change.id);
      } else this.#put(change);
    }
  }

  #put(document: BaseDocument): void {
    this.#seen.add(document.id);
    const known = this.#rows.get(document.id);
    if (known === undefined || known.updated_at <= document.updated_at) this.#rows.set(document.id, document);
  }
}

function newestFirst(one: BaseDocument, other: BaseDocument): number {
  return other.created_at - one.created_at || (one.id < other.id ? 1 : -1);
}
