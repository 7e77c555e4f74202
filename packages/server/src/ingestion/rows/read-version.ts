import type { Kysely } from 'kysely';
import { z } from 'zod';
import { documentFlagSchema, type DocumentFlag } from '@parley/contracts';
import type { FlaggedSpan, PageStart } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';

const pagesSchema = z.array(z.object({ number: z.number(), start: z.number() }));
const flagsSchema = z.array(documentFlagSchema);
/** Parts of a text read in one go. */
const PARTS = 16;

/** A stored text, and what a reader has to be told of it. */
export interface StoredText {
  title: string;
  language: string;
  text: string;
  pages: PageStart[];
  flags: DocumentFlag[];
  /** Passages that hold text which a person would not have seen: the text alone tells it no more. */
  hiddenSpans: FlaggedSpan[];
}

/** Null when the version is gone. */
export async function readVersion(db: Kysely<Database>, versionId: string): Promise<StoredText | null> {
  const version = await db.selectFrom('document_versions').selectAll().where('id', '=', versionId).executeTakeFirst();
  if (version === undefined) return null;
  const { title, language, pages, flags } = version;
  return {
    title,
    language,
    text: await readText(db, versionId),
    pages: pagesSchema.parse(JSON.parse(pages)),
    flags: flagsSchema.parse(JSON.parse(flags)),
    hiddenSpans: await readHiddenSpans(db, versionId),
  };
}

async function readText(db: Kysely<Database>, versionId: string): Promise<string> {
  const texts: string[] = [];
  let after = -1;
  while (true) {
    const rows = await db
      .selectFrom('document_texts')
      .select(['start', 'text'])
      .where('version_id', '=', versionId)
      .where('start', '>', after)
      .orderBy('start')
      .limit(PARTS)
      .execute();
    texts.push(...rows.map(({ text }) => text));
    const last = rows.at(-1);
    if (last === undefined) return texts.join('');
    after = last.start;
    await breathe();
  }
}

async function readHiddenSpans(db: Kysely<Database>, versionId: string): Promise<FlaggedSpan[]> {
  const rows = await db
    .selectFrom('chunks')
    .select(['start', 'end'])
    .where('version_id', '=', versionId)
    .where('flags', 'like', '%"hidden-text"%')
    .orderBy('ordinal')
    .execute();
  return rows.map(({ start, end }) => ({ start, end, flag: 'hidden-text' }));
}
