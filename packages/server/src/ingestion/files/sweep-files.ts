import { statSync, unlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { jobPayloadSchema } from '../jobs/job-payload.ts';
import type { FileStore } from './file-store.ts';

const PAGE = 1_000;

export interface SweepFilesOptions {
  db: Kysely<Database>;
  files: FileStore;
  now: () => number;
  keepMs: number;
}

/** Removes what no version, no upload and no job names and what is old enough that no upload is about to name it. Answers how many went. */
export async function sweepFiles({ db, files, now, keepMs }: SweepFilesOptions): Promise<number> {
  const folders = (await namesIn(files.folder)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  if (folders.length === 0) return 0;
  const before = now() - keepMs;
  const named = await namedHashes(db);
  let removed = 0;
  for (const folder of folders) {
    const hashes = await namesIn(join(files.folder, folder));
    for (const hash of hashes) {
      if (!named.has(hash) && removeOld(join(files.folder, folder, hash), before)) removed += 1;
    }
    await breathe();
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function namedHashes(db: Kysely<Database>): Promise<Set<string>> {
  const named = new Set<string>();
  for await (const page of pagesOf(db, 'document_versions', 'file_hash')) {
    for (const hash of page) named.add(hash);
  }
  for await (const page of pagesOf(db, 'uploaded_files', 'hash')) {
    for (const hash of page) named.add(hash);
  }
  for await (const page of pagesOf(db, 'jobs', 'payload')) {
    for (const payload of page) {
      const { hash } = jobPayloadSchema.parse(JSON.parse(payload));
      if (hash) named.add(hash);
    }
  }
  return named;
}

async function* pagesOf<Table extends 'document_versions' | 'uploaded_files' | 'jobs'>(
  db: Kysely<Database>,
  table: Table,
  column: { document_versions: 'file_hash'; uploaded_files: 'hash'; jobs: 'payload' }[Table],
): AsyncGenerator<string[]> {
  let after = '';
  while (true) {
    const rows = await sql<{ id: string; value: string | null }>`
      select id, ${sql.ref(column)} as value from ${sql.table(table)} where id > ${after} order by id limit ${PAGE}
    `.execute(db);
    yield rows.rows.flatMap(({ value }) => value ?? []);
    const last = rows.rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    await breathe();
  }
}

// In one tick: an upload of the same bytes that comes between would lose its file.
function removeOld(path: string, before: number): boolean {
  if (statSync(path).mtimeMs > before) return false;
  unlinkSync(path);
  return true;
}
