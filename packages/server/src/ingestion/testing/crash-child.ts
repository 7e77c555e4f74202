import { randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { openKnowledgeIndex } from '@parley/rag/index-thread';
import { createDocumentReader } from '@parley/rag/parsing';
import { silentLogger } from '@parley/service-kit/testing';
import { openDatabase } from '../../database/open-database.ts';
import { DocumentChanges } from '../../knowledge/document-changes.ts';
import { AlarmBoard } from '../../retrieval/alarm-board.ts';
import { createIngestion } from '../create-ingestion.ts';
import { BASES, FILES, fileText, modelOf } from './crash-plan.ts';
import { ScriptedEmbedder } from './scripted-embedder.ts';

/**
 * A server of knowledge bases that is there to be killed: `node crash-child.ts <home> <round>`. It
 * uploads what the plan says for the round, says `uploaded`, and then works until nothing is left to do,
 * compares rows and indexes, and says how that went as one line of JSON.
 */
const [home = '', roundText = '0'] = process.argv.slice(2);
const round = Number(roundText);
const db = await openDatabase({ home, now: Date.now });
const index = openKnowledgeIndex({ file: join(home, 'index.db') });
const reader = createDocumentReader({ scratch: join(home, 'reading'), processes: 1 });
const embedder = new ScriptedEmbedder();
const ingestion = createIngestion({
  db,
  home,
  reader,
  index: () => index,
  chroma: null,
  embedder: (model) => async (texts, signal) => {
    await delay(5);
    return embedder.of(model)(texts, signal);
  },
  fetchPage: async () => Promise.reject(new Error('No page is fetched here.')),
  crawlSite: () => {
    throw new Error('No site is crawled here.');
  },
  changes: new DocumentChanges(),
  alarms: new AlarmBoard(Date.now),
  now: Date.now,
  newId: randomUUIDv7,
  logger: silentLogger(),
  // Killed at random, a job may be hit many times in a row without being to blame.
  settings: { parallel: 2, pollMs: 200, maxLostLeases: 1_000_000, keepFilesMs: 0, keepVersionsMs: 0 },
});

ingestion.start();
process.stdout.write('started\n');
for (const baseId of BASES) {
  await ingestion.chooseEmbeddingModel(baseId, modelOf(baseId, round));
  for (let file = 0; file < FILES; file += 1) {
    const stored = await ingestion.storeFile(Readable.from([Buffer.from(fileText(baseId, file, round))]));
    await ingestion.addFile(baseId, { ...stored, name: `${file}.txt`, mediaType: 'text/plain' });
  }
}
process.stdout.write('uploaded\n');
const openJobs = () =>
  db.selectFrom('jobs').select('id').where('state', 'in', ['queued', 'running']).limit(1).execute();
while ((await openJobs()).length > 0) await delay(20);
const reports = [];
for (const baseId of BASES)
  reports.push({ report: await ingestion.verify(baseId), spaces: await ingestion.spaces(baseId) });
process.stdout.write(`${JSON.stringify(reports)}\n`);
await ingestion.close();
await reader.close();
await (await index).close();
await db.destroy();
