import type { Kysely } from 'kysely';
import { ParleyError } from '@parley/contracts';
import { toEmbeddedText, type EmbedTexts } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import type { IngestionSettings } from '../ingestion-settings.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { orAborted } from '../or-aborted.ts';
import { toHeadings } from './to-headings.ts';

import { Slots } from './slots.ts';
import { toBytes } from './vector-bytes.ts';
import {
  missingPassages,
  readPassages,
  storedVectors,
  storeVectors,
  type PassageRow,
  type PassageScope,
  type Space,
} from './vector-rows.ts';

/** Vectors stored in one go: a row of several kilobytes costs as much as many passages. */
const STORED = 40;

export interface PassageEmbedderOptions {
  db: Kysely<Database>;
  embedder: (model: string) => EmbedTexts;
  settings: Pick<IngestionSettings, 'embeddingParallel' | 'embeddingBatch'>;
  /** Told how it went, each time the model was asked. */
  onAnswer: (baseId: string, error: ParleyError | null) => void;
}

/** Gives passages their vectors: those of equal passages of the same space again, the others from the model. */
export class PassageEmbedder {
  readonly #options: PassageEmbedderOptions;
  readonly #slots: Slots;

  constructor(options: PassageEmbedderOptions) {
    this.#options = options;
    this.#slots = new Slots(options.settings.embeddingParallel);
  }

  /** Fills what is missing of one version, or of all searched versions of the space's base; `onStored` hears how many came. */
  async fill(ticket: JobTicket, scope: PassageScope, onStored: (count: number) => Promise<void>): Promise<void> {
    const { db } = this.#options;
    const { space } = scope;
    for await (const ids of missingPassages(db, scope)) {
      ticket.signal.throwIfAborted();
      const passages = await readPassages(db, ids);
      const vectors = await this.#vectorsOf(ticket, space, passages);
      for (const slice of inBatches(passages, STORED)) {
        await ticket.write((trx) => storeVectors(trx, { space, passages: slice, vectors }));
        await breathe();
      }
      await onStored(passages.length);
    }
  }

  async #vectorsOf(ticket: JobTicket, space: Space, passages: readonly PassageRow[]): Promise<Map<string, Uint8Array>> {
    const hashes = [...new Set(passages.map(({ hash }) => hash))];
    const vectors = await storedVectors(this.#options.db, space, hashes);
    const missing = [...new Map(passages.map((passage) => [passage.hash, passage])).values()].filter(
      ({ hash }) => !vectors.has(hash),
    );
    const batches = inBatches(missing, this.#options.settings.embeddingBatch);
    const asked = await Promise.allSettled(
      batches.map((batch) => this.#slots.run(() => this.#ask(ticket, space, batch))),
    );
    for (const answer of asked) {
      if (answer.status === 'rejected') throw answer.reason;
      for (const [hash, vector] of answer.value) vectors.set(hash, vector);
    }
    return vectors;
  }

  async #ask(ticket: JobTicket, space: Space, passages: readonly PassageRow[]): Promise<[string, Uint8Array][]> {
    const { embedder, onAnswer } = this.#options;
    ticket.signal.throwIfAborted();
    try {
      const texts = passages.map(({ title, heading_path: headings, text }) =>
        toEmbeddedText({ title, headingPath: toHeadings(headings), text }),
      );
      const vectors = await orAborted(embedder(space.model)(texts, ticket.signal), ticket.signal);
      if (vectors.length !== texts.length) throw wrongCount(space.model);
      const pairs = passages.map(({ hash }, place): [string, Uint8Array] => [
        hash,
        toBytes(vectors[place] ?? new Float32Array()),
      ]);
      onAnswer(space.base_id, null);
      return pairs;
    } catch (error) {
      if (error instanceof ParleyError && !ticket.signal.aborted) onAnswer(space.base_id, error);
      throw error;
    }
  }
}

function wrongCount(model: string): ParleyError {
  return new ParleyError('embedding_failed', `${model} answered another number of vectors than it was asked for.`);
}

function inBatches<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, place) =>
    values.slice(place * size, (place + 1) * size),
  );
}
