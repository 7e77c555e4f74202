import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { dropVersion } from './drop-version.ts';

/** Rows of one look; each may be long. */
const PAGE = 200;

export interface SweepVersionsOptions {
  db: Kysely<Database>;
  now: () => number;
  /** Milliseconds that a superseded version is kept at least. */
  keepMs: number;
}

/**
 * Removes versions that were superseded long enough ago and that no stored answer cites, and what
 * jobs left half written that will not come back. The newest version made of a file stays: it says
 * which file to begin from again. Answers how many went.
 */
export async function sweepVersions(options: SweepVersionsOptions): Promise<number> {
  const { db } = options;
  const old = await supersededVersions(options);
  const cited = old.length === 0 ? new Set<string>() : await citedVersions(db, new Set(old));
  const unwanted = [...old.filter((id) => !cited.has(id)), ...(await abandonedVersions(db))];
  for (const id of unwanted) await dropVersion(db, id);
  return unwanted.length;
}

async function supersededVersions({ db, now, keepMs }: SweepVersionsOptions): Promise<string[]> {
  return inPages(db, async (from, to) => {
    const rows = await versionsBetween(db, from, to)
      .whereRef('version.number', '<', 'current.number')
      .where('current.created_at', '<', now() - keepMs)
      .where((row) =>
        row.or([
          row('version.file_hash', 'is', null),
          row.exists(
            row
              .selectFrom('document_versions as newer')
              .select('newer.id')
              .whereRef('newer.document_id', '=', 'version.document_id')
              .whereRef('newer.number', '>', 'version.number')
              .where('newer.file_hash', 'is not', null),
          ),
        ]),
      )
      .execute();
    return rows.map(({ id }) => id);
  });
}

async function abandonedVersions(db: Kysely<Database>): Promise<string[]> {
  return inPages(db, async (from, to) => {
    const rows = await versionsBetween(db, from, to)
      .where((row) => row.or([row('current.id', 'is', null), row('version.number', '>', row.ref('current.number'))]))
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('jobs')
              .select('jobs.id')
              .whereRef('jobs.document_id', '=', 'version.document_id')
              .where('jobs.state', 'in', ['queued', 'running']),
          ),
        ),
      )
      .execute();
    return rows.map(({ id }) => id);
  });
}

function versionsBetween(db: Kysely<Database>, from: string, to: string) {
  return db
    .selectFrom('document_versions as version')
    .innerJoin('documents as document', 'document.id', 'version.document_id')
    .leftJoin('document_versions as current', 'current.id', 'document.version_id')
    .select('version.id')
    .where('version.id', '>', from)
    .where('version.id', '<=', to);
}

/** What `find` finds among the versions, looked through page by page. */
async function inPages(db: Kysely<Database>, find: (from: string, to: string) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  let from = '';
  while (true) {
    const page = db.selectFrom('document_versions').select('id').where('id', '>', from).orderBy('id').limit(PAGE);
    const last = (await page.execute()).at(-1);
    if (last === undefined) return found;
    found.push(...(await find(from, last.id)));
    from = last.id;
    await breathe();
  }
}

/** Those of the candidates that stand in the sources of a message. */
async function citedVersions(db: Kysely<Database>, candidates: ReadonlySet<string>): Promise<Set<string>> {
  const cited = new Set<string>();
  let after = '';
  while (true) {
    const rows = await db
      .selectFrom('messages')
      .select(['id', 'sources'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { sources } of rows) {
      for (const [, id = ''] of sources.matchAll(/"version_id":"([^"]+)"/g)) if (candidates.has(id)) cited.add(id);
    }
    const last = rows.at(-1);
    if (last === undefined) return cited;
    after = last.id;
    await breathe();
  }
}
