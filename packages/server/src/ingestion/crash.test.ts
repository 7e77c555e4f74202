import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Kysely } from 'kysely';
import { baseSettingsSchema, type EmbeddingSpace, type IndexReport } from '@parley/contracts';
import { openDatabase } from '../database/open-database.ts';
import type { Database } from '../database/schema.ts';
import { BASES, FILES, fileMarks } from './testing/crash-plan.ts';

/** How often the server is killed: through five changes of the files and two of the model. A long run asks for 1,000. */
const KILLS = Number(process.env['PARLEY_CRASH_KILLS'] ?? 20);
const child = fileURLToPath(new URL('testing/crash-child.ts', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'parley-crash-'));

beforeAll(async () => {
  const db = await openDatabase({ home, now: Date.now });
  const user = { id: 'ada', name: 'Ada', name_key: 'ada', role: 'owner' as const, password_hash: null, created_at: 1 };
  await db.insertInto('users').values(user).execute();
  const settings = JSON.stringify(baseSettingsSchema.parse({ split: { max_tokens: 120 } }));
  for (const id of BASES) {
    const base = { id, owner_id: 'ada', name: id, description: '', kind: 'base' as const, conversation_id: null };
    const rest = { visibility: 'private' as const, settings, created_at: 1, updated_at: 1 };
    await db
      .insertInto('knowledge_bases')
      .values({ ...base, ...rest })
      .execute();
  }
  await db.destroy();
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs the server for a round; killed after so many milliseconds of work, unless null. Answers the last line that it said. */
async function run(round: number, killAfterMs: number | null): Promise<string> {
  const server = spawn(process.execPath, [child, home, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  let last = '';
  for await (const line of createInterface({ input: server.stdout })) {
    last = line;
    if (line === 'started' && killAfterMs !== null) setTimeout(() => server.kill('SIGKILL'), killAfterMs);
  }
  await ended;
  return last;
}

it(
  `loses and doubles nothing when it is killed ${KILLS} times`,
  async () => {
    for (let round = 0; round < KILLS; round += 1) await run(round, Math.random() ** 2 * 1_200);
    const reports = JSON.parse(await run(KILLS, null)) as { report: IndexReport; spaces: EmbeddingSpace[] }[];
    for (const { report } of reports)
      expect(report).toMatchObject({ documents: FILES, missing: [], surplus: [], agrees: true });
    expect(reports[0]?.spaces.find(({ state }) => state === 'active')).toMatchObject({ error: null });
    expect(reports[0]?.report.vectors).toEqual({
      expected: reports[0]?.report.chunks,
      found: reports[0]?.report.chunks,
    });
    const db = await openDatabase({ home, now: Date.now });
    try {
      await expectWhole(
        db,
        reports.map(({ report }) => report.chunks),
      );
    } finally {
      await db.destroy();
    }
  },
  KILLS * 10_000 + 60_000,
);

async function expectWhole(db: Kysely<Database>, chunks: readonly number[]): Promise<void> {
  const states = await db.selectFrom('documents').select(['state', 'error']).execute();
  expect(states).toEqual(Array.from({ length: FILES * BASES.length }, () => ({ state: 'ready', error: null })));
  for (const [place, baseId] of BASES.entries()) {
    const rows = await db.selectFrom('chunks').select('text').where('base_id', '=', baseId).execute();
    // All rows, also such as are of no searched version: nothing half written is left.
    expect(rows).toHaveLength(chunks[place] ?? 0);
    const found = rows.flatMap(({ text }) => text.match(/mark\w+/g) ?? []).toSorted();
    const expected = Array.from({ length: FILES }, (_, file) => fileMarks(baseId, file, KILLS))
      .flat()
      .toSorted();
    expect(found).toEqual(expected);
  }
  expect(readdirSync(join(home, 'files', 'incoming'))).toEqual([]);
}
