import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BaseDocument, IndexReport, KnowledgeBase } from '@parley/contracts';
import { seededRandom } from '@parley/rag/testing';
import { PassageMaker } from '../index-scale/make-passages.ts';
import { toFigures, type Measured } from './figures.ts';
import { makeFiles } from './make-files.ts';
import { ServerUnderLoad } from './server-under-load.ts';

const QUERIES = 220;
/** The upload is so many documents ahead at most, so that it can stop in time. */
const AHEAD = 100;
/** Reader processes end 20 s after their last document, the index thread 120 s after its last question. */
const IDLE_MS = 150_000;

interface Knobs {
  documents: number;
  /** Stop with the upload at so many passages. */
  chunks: number;
  isIdleMeasured: boolean;
  nodeArguments: readonly string[];
}

/** See README.md. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, unknown>> {
  const knobs = readKnobs(args);
  const home = await mkdtemp(join(tmpdir(), 'parley-ingestion-'));
  const server = await ServerUnderLoad.start(home, knobs.nodeArguments);
  try {
    const figures = toFigures(await measure(server, knobs), availableParallelism());
    if (!json) console.dir(figures, { depth: null });
    return { ...figures };
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

function readKnobs(args: string[]): Knobs {
  const { values } = parseArgs({
    args,
    options: {
      documents: { type: 'string', default: '1800' },
      chunks: { type: 'string' },
      idle: { type: 'boolean', default: false },
      'node-argument': { type: 'string', multiple: true, default: [] },
    },
  });
  const { documents, chunks, idle, 'node-argument': nodeArguments } = values;
  return {
    documents: chunks === undefined ? Number(documents) : Number.MAX_SAFE_INTEGER,
    chunks: chunks === undefined ? Number.POSITIVE_INFINITY : Number(chunks),
    isIdleMeasured: idle,
    nodeArguments,
  };
}

async function measure(server: ServerUnderLoad, knobs: Knobs): Promise<Measured> {
  const begun = { memory: await server.memory(), load: loadavg()[0] ?? 0 };
  const base = await server.json<KnowledgeBase>('/api/knowledge-bases', { body: JSON.stringify({ name: 'Mixed' }) });
  const questions = new PassageMaker(seededRandom(1));
  await server.blocks();
  const ingestion = await ingest({ server, baseId: base.id, questions }, knobs);
  const { documents, chunks } = await server.base(base.id);
  await server.blocks();
  const report = await server.json<IndexReport>(`/api/knowledge-bases/${base.id}/verify`, { body: '{}' });
  if (!report.agrees) throw new Error(`The index differs from the rows: ${JSON.stringify(report)}`);
  const verifying = await server.blocks();
  const asked = await askAll(server, base.id, questions);
  const asking = await server.blocks();
  if (knobs.isIdleMeasured) await delay(IDLE_MS);
  const idle = knobs.isIdleMeasured ? await server.memory() : null;
  return { begun, ingestion, documents, chunks, verifying, asked, asking, idle };
}

interface Subject {
  server: ServerUnderLoad;
  baseId: string;
  questions: PassageMaker;
}

/** Uploads, and asks meanwhile, until all is searched. */
async function ingest({ server, baseId, questions }: Subject, knobs: Knobs): Promise<Measured['ingestion']> {
  const begun = performance.now();
  const upload = new Upload(server, baseId, knobs);
  const uploading = upload.run();
  const memory: Measured['ingestion']['memory'] = [];
  const searchMs: number[] = [];
  for (let round = 0; ; round += 1) {
    const { documents, chunks } = await server.base(baseId);
    if (chunks >= knobs.chunks) upload.stop();
    if (upload.isDone && documents.running === 0) break;
    upload.allow(documents.ready + documents.failed + AHEAD);
    searchMs.push((await server.search(baseId, questions.query(round))).timings.total_ms);
    memory.push(await server.memory());
    if (round % 20 === 0) console.error(`${documents.ready} documents with ${chunks} passages …`);
    await delay(250);
  }
  await uploading;
  return { seconds: (performance.now() - begun) / 1_000, blocks: await server.blocks(), memory, searchMs };
}

class Upload {
  isDone = false;
  readonly #server: ServerUnderLoad;
  readonly #baseId: string;
  readonly #documents: number;
  #isStopped = false;
  #allowed = AHEAD;
  #wake: () => void = () => {};

  constructor(server: ServerUnderLoad, baseId: string, { documents }: Knobs) {
    this.#server = server;
    this.#baseId = baseId;
    this.#documents = documents;
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** Up to so many documents may be sent. */
  allow(documents: number): void {
    this.#allowed = documents;
    this.#wake();
  }

  async run(): Promise<void> {
    let sent = 0;
    for (const { name, bytes } of makeFiles(this.#documents)) {
      if (sent >= this.#allowed) await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#isStopped) break;
      sent += 1;
      await this.#server.json<BaseDocument>(`/api/knowledge-bases/${this.#baseId}/documents?name=${name}`, {
        body: bytes as Uint8Array<ArrayBuffer>,
        headers: { 'content-type': 'application/octet-stream' },
      });
    }
    this.isDone = true;
  }
}

async function askAll(server: ServerUnderLoad, baseId: string, questions: PassageMaker): Promise<Measured['asked']> {
  const asked: Measured['asked'] = [];
  for (let number = 0; number < QUERIES; number += 1) {
    const begun = performance.now();
    const { timings } = await server.search(baseId, questions.query(1_000 + number));
    asked.push({ totalMs: timings.total_ms, overHttpMs: performance.now() - begun });
  }
  return asked;
}
