import type { Kysely } from 'kysely';
import { ParleyError, type DocumentFlag } from '@parley/contracts';
import type { Chunk } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { toFlags } from '../../documents/document-row.ts';
import type { PassagesRepository } from '../../retrieval/passages.repository.ts';

const WINDOW_LETTERS = 6_000;
/** Of which so many stand before the passage. */
const LETTERS_BEFORE = 1_500;
const MOST_FLAGGED = 50;

export interface PassageWindow {
  passage: Chunk;
  text: string;
  /** UTF-16 offsets of `text` in the document. */
  start: number;
  end: number;
  /** Of the whole document. */
  length: number;
  flagged: { start: number; end: number; flags: DocumentFlag[] }[];
}

/** Reads the text around passages. Rights are checked before. */
export class PassageWindows {
  readonly #db: Kysely<Database>;
  readonly #passages: Pick<PassagesRepository, 'readChunks' | 'readSpan'>;

  constructor(db: Kysely<Database>, passages: Pick<PassagesRepository, 'readChunks' | 'readSpan'>) {
    this.#db = db;
    this.#passages = passages;
  }

  /** Around the passage, or from an offset on. Throws `chunk_not_found` for one that is taken out of the search. */
  async read(chunkId: string, from: number | null): Promise<PassageWindow> {
    const [passage] = await this.#passages.readChunks([chunkId]);
    const length = passage ? await this.#lengthOf(passage.versionId) : null;
    if (passage === undefined || length === null) throw passageGone();
    const wanted = Math.min(from ?? Math.max(0, passage.start - LETTERS_BEFORE), length);
    const span = { documentId: passage.documentId, versionId: passage.versionId, start: wanted };
    const found = await this.#passages.readSpan({ ...span, end: Math.min(length, wanted + WINDOW_LETTERS) });
    const text = withoutHalves(found ?? '');
    const start = wanted + (found?.indexOf(text) ?? 0);
    const end = start + text.length;
    return { passage, text, start, end, length, flagged: await this.#flagged(passage.versionId, { start, end }) };
  }

  async #lengthOf(versionId: string | null): Promise<number | null> {
    const row = await this.#db
      .selectFrom('document_versions')
      .select('length')
      .where('id', '=', versionId ?? '')
      .executeTakeFirst();
    return row?.length ?? null;
  }

  async #flagged(versionId: string | null, { start, end }: { start: number; end: number }) {
    const rows = await this.#db
      .selectFrom('chunks')
      .select(['start', 'end', 'flags'])
      .where('version_id', '=', versionId ?? '')
      .where('start', '<', end)
      .where('end', '>', start)
      .where('flags', '!=', '[]')
      .orderBy('ordinal')
      .limit(MOST_FLAGGED)
      .execute();
    return rows.map((row) => ({ start: row.start, end: row.end, flags: toFlags(row.flags) }));
  }
}

// A window may begin or end in the middle of a letter that has two units.
function withoutHalves(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, '').replace(/[\ud800-\udbff]$/, '');
}

function passageGone(): ParleyError {
  return new ParleyError('chunk_not_found', 'This passage is not there any more; search again.');
}
