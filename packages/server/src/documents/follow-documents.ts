import type { FastifyReply } from 'fastify';
import { asParleyError, openEventStream, readerGone } from '@parley/service-kit';
import type { DocumentChanges } from '../knowledge/document-changes.ts';

export interface FollowOptions {
  changes: Pick<DocumentChanges, 'follow'>;
  baseId: string;
  /** What the reader is told of a document; null ends the stream. */
  changeOf: (documentId: string) => Promise<object | null>;
  /** Ends the stream when the server closes. */
  closing: AbortSignal;
}

/**
 * Streams what becomes of a base's documents until the reader leaves, the base goes, or the reader's
 * right to it. What changes faster than it can be told is told once, as it is by then.
 */
export async function followDocuments(reply: FastifyReply, options: FollowOptions): Promise<void> {
  const { changes, baseId, changeOf, closing } = options;
  const changed = new ChangedDocuments();
  // Before the headers: what changes once the reader knows that it follows is told.
  const unfollow = changes.follow(baseId, (id) => changed.add(id));
  const gone = AbortSignal.any([readerGone(reply), closing]);
  gone.addEventListener('abort', () => changed.end(), { once: true });
  if (gone.aborted) changed.end();
  const stream = openEventStream(reply);
  try {
    for await (const id of changed.ids()) {
      const change = await changeOf(id);
      if (change === null) break;
      await stream.write({ data: JSON.stringify(change) });
    }
  } catch (error) {
    reply.log.error({ err: error }, 'the documents of a base can be followed no further');
    await stream.write({ event: 'error', data: JSON.stringify(asParleyError(error).toBody()) });
  } finally {
    unfollow();
    stream.end();
  }
}

/** Ids of documents that changed and were not told yet; each once, however often it changed. */
class ChangedDocuments {
  readonly #ids = new Set<string>();
  #hasEnded = false;
  #wake: () => void = () => {};

  add(id: string): void {
    this.#ids.add(id);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *ids(): AsyncGenerator<string> {
    while (!this.#hasEnded) {
      const [id] = this.#ids;
      if (id === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if (this.#ids.delete(id)) yield id;
    }
  }
}
