import type { Insertable } from 'kysely';
import type { ParsedChunk, ReaderEvent } from '@parley/rag';
import type { ChunkTable, DocumentTextTable } from '../../database/schema.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';

/** Rows of one transaction; more would hold the event loop too long. */
const MOST_CHUNKS = 200;
const MOST_TEXT = 512 * 1024;

type Head = Extract<ReaderEvent, { type: 'head' }>['document'];

export interface VersionWriterOptions {
  ticket: JobTicket;
  documentId: string;
  fileHash: string | null;
  newId: () => string;
  now: () => number;
}

/**
 * Writes a version that nobody sees yet: it is not its document's version until it is published.
 * What a crash leaves of it is removed before the document is worked on again.
 */
export class VersionWriter {
  readonly id: string;
  readonly #options: VersionWriterOptions;
  #head: Head | null = null;
  #isBegun = false;
  #texts: Insertable<DocumentTextTable>[] = [];
  #textLength = 0;
  #chunks: Insertable<ChunkTable>[] = [];
  #count = 0;

  constructor(options: VersionWriterOptions) {
    this.#options = options;
    this.id = options.newId();
  }

  /** Passages so far. */
  get count(): number {
    return this.#count;
  }

  begin(head: Head): void {
    this.#head = head;
  }

  async addText(start: number, text: string): Promise<void> {
    this.#texts.push({ version_id: this.id, start, text });
    this.#textLength += text.length;
    if (this.#textLength >= MOST_TEXT) await this.flush();
  }

  async addChunks(chunks: readonly ParsedChunk[]): Promise<void> {
    if (this.#chunks.length + chunks.length > MOST_CHUNKS) await this.flush();
    this.#chunks.push(...chunks.map((chunk) => this.#toRow(chunk)));
    this.#count += chunks.length;
    if (this.#chunks.length >= MOST_CHUNKS) await this.flush();
  }

  /** Stores what is still held back. */
  async flush(): Promise<void> {
    const texts = this.#texts.splice(0);
    const chunks = this.#chunks.splice(0);
    this.#textLength = 0;
    await this.#options.ticket.write(async (trx) => {
      if (!this.#isBegun)
        await trx
          .insertInto('document_versions')
          .values(await this.#versionRow(trx))
          .execute();
      if (texts.length > 0) await trx.insertInto('document_texts').values(texts).execute();
      if (chunks.length > 0) await trx.insertInto('chunks').values(chunks).execute();
    });
    this.#isBegun = true;
  }

  async #versionRow(trx: Parameters<Parameters<JobTicket['write']>[0]>[0]) {
    if (this.#head === null) throw new Error('A document without a head was written.');
    const { title, language, pages, flags, flaggedSpans, length } = this.#head;
    const { documentId, fileHash, now } = this.#options;
    const { number } = await trx
      .selectFrom('document_versions')
      .select((row) => row.fn.coalesce(row.fn.max('number'), row.val(0)).as('number'))
      .where('document_id', '=', documentId)
      .executeTakeFirstOrThrow();
    return {
      id: this.id,
      document_id: documentId,
      number: number + 1,
      file_hash: fileHash,
      title,
      language,
      pages: JSON.stringify(pages),
      flags: JSON.stringify([...new Set([...flags, ...flaggedSpans.map(({ flag }) => flag)])]),
      length,
      created_at: now(),
    };
  }

  #toRow({ ordinal, page, headingPath, start, end, text, hash, flags }: ParsedChunk): Insertable<ChunkTable> {
    const { ticket, documentId, newId } = this.#options;
    return {
      id: newId(),
      base_id: ticket.job.baseId,
      document_id: documentId,
      version_id: this.id,
      ordinal,
      page,
      start,
      end,
      text,
      hash,
      is_enabled: 1,
      heading_path: JSON.stringify(headingPath),
      flags: JSON.stringify(flags),
    };
  }
}
