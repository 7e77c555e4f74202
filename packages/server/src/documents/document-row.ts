import { z } from 'zod';
import { documentFlagSchema, documentStateSchema, type BaseDocument, type DocumentFlag } from '@parley/contracts';
import type { DocumentTable } from '../database/schema.ts';
import { toStoredError } from '../knowledge/base-view.ts';

/** A document with what the list shows of its searched version; nulls without one. */
export interface DocumentRow extends DocumentTable {
  version_number: number | null;
  characters: number | null;
  flags: string | null;
  pages: number | null;
  /** Whether a crawl that set out from it is still on its way. */
  is_crawling: unknown;
}

const flagsSchema = z.array(documentFlagSchema);
const headingsSchema = z.array(z.string());

/** Row to document, as the page sees it. */
export function toDocumentView(row: DocumentRow, chunks: number): BaseDocument {
  return {
    id: row.id,
    base_id: row.base_id,
    name: row.name,
    title: row.title,
    kind: row.kind,
    media_type: row.media_type,
    size: row.size,
    state: documentStateSchema.parse(row.state),
    percent: row.percent,
    error: toStoredError(row.error),
    is_enabled: row.is_enabled === 1,
    version_id: row.version_id,
    version: row.version_number ?? 0,
    chunks,
    pages: row.pages ?? 0,
    characters: row.characters ?? 0,
    flags: toFlags(row.flags ?? '[]'),
    ...(row.is_crawling ? { is_crawling: true } : {}),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

export function toFlags(json: string): DocumentFlag[] {
  return flagsSchema.parse(JSON.parse(json));
}

export function toHeadings(json: string): string[] {
  return headingsSchema.parse(JSON.parse(json));
}
