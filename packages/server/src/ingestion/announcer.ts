import type { DocumentChanges } from '../knowledge/document-changes.ts';

/** At most so often per document. */
const PAUSE_MS = 250;

/**
 * Tells followers of changes without flooding them: the first at once, what comes within the pause at
 * its end, so that the last state is always told.
 */
export class Announcer {
  readonly #changes: DocumentChanges;
  readonly #paused = new Map<string, { timer: NodeJS.Timeout; isOwed: boolean }>();

  constructor(changes: DocumentChanges) {
    this.#changes = changes;
  }

  announce(baseId: string, documentId: string): void {
    const paused = this.#paused.get(documentId);
    if (paused) {
      paused.isOwed = true;
      return;
    }
    this.#changes.announce(baseId, documentId);
    const timer = setTimeout(() => this.#resume(baseId, documentId), PAUSE_MS).unref();
    this.#paused.set(documentId, { timer, isOwed: false });
  }

  close(): void {
    for (const { timer } of this.#paused.values()) clearTimeout(timer);
    this.#paused.clear();
  }

  #resume(baseId: string, documentId: string): void {
    const isOwed = this.#paused.get(documentId)?.isOwed ?? false;
    this.#paused.delete(documentId);
    if (isOwed) this.announce(baseId, documentId);
  }
}
