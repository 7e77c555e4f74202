import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KnowledgeIndex, SearchScope, VectorSpace } from '@parley/rag';
import { seededRandom } from '@parley/rag/evaluation';
import { openKnowledgeIndex } from '@parley/rag/index-thread';
import { LoopWatch } from './loop-watch.ts';
import { PassageMaker, type Random } from './make-passages.ts';
import { medianTimes, round, time, timeOnce, toTimes, type WorkTimes } from './measure.ts';

const BASE = 'base';
const DOCUMENT_PASSAGES = 20;
/** What a retrieval asks of each leg. */
const LIMIT = 100;
const SCOPE: SearchScope = { baseIds: [BASE], documentIds: null, limit: LIMIT };
const SCOPED_DOCUMENTS = 1_000;

interface Knobs {
  chunks: number;
  dimensions: number;
  rounds: number;
  queries: number;
}

/** What the searches are made with. */
interface Subject {
  index: KnowledgeIndex;
  maker: PassageMaker;
  space: VectorSpace;
  random: Random;
}

/** See README.md. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, unknown>> {
  const knobs = readKnobs(args);
  const folder = mkdtempSync(join(tmpdir(), 'parley-index-scale-'));
  const open = () => openKnowledgeIndex({ file: join(folder, 'index.db') });
  const random = seededRandom(1);
  const maker = new PassageMaker(random);
  const space = { id: 'space', baseId: BASE, dimensions: knobs.dimensions };
  const memoryBefore = process.memoryUsage.rss();
  const loop = new LoopWatch();
  loop.start();
  let index = await open();
  try {
    const writing = await writeWords({ index, maker, space, random }, knobs);
    const vectorsPerSecond = await writeVectors({ index, maker, space, random }, knobs);
    await index.close();
    index = await open();
    const subject = { index, maker, space, random };
    const cold = await measureFirst(subject);
    const searching = await measureSearches(subject, knobs);
    const figures = {
      ...searching,
      eventLoop: loop.stop(),
      writing: { ...writing, vectorsPerSecond },
      cold,
      fileMB: toMegabytes(sizeOf(folder)),
      memoryMB: toMegabytes(process.memoryUsage.rss() - memoryBefore),
      ...knobs,
    };
    if (!json) console.dir(figures, { depth: null });
    return figures;
  } finally {
    await index.close();
    rmSync(folder, { recursive: true });
  }
}

function readKnobs(args: string[]): Knobs {
  const options = {
    chunks: { type: 'string', default: '100000' },
    dimensions: { type: 'string', default: '384' },
    rounds: { type: 'string', default: '5' },
    queries: { type: 'string', default: '200' },
  } as const;
  const { chunks, dimensions, rounds, queries } = parseArgs({ args, options }).values;
  return {
    chunks: Number(chunks),
    dimensions: Number(dimensions),
    rounds: Number(rounds),
    queries: Number(queries),
  };
}

/** Writes all documents; now and then a question is asked while one is being written. */
async function writeWords({ index, maker }: Subject, { chunks }: Knobs) {
  const [asked, writes]: [number[], number[]] = [[], []];
  let cpu = 0;
  for (let number = 0; number * DOCUMENT_PASSAGES < chunks; number += 1) {
    const passages = maker.document(number, DOCUMENT_PASSAGES);
    const cpuBefore = process.cpuUsage();
    const search = () => index.words.search(maker.query(number), SCOPE);
    const question = number % 10 === 9 ? timeOnce(search).then((ms) => asked.push(ms)) : null;
    const document = { baseId: BASE, documentId: `document-${number}` };
    writes.push(await timeOnce(() => index.words.replaceDocument(document, [passages])));
    await question;
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += (user + system) / 1e6;
    if (number % 500 === 499) console.error(`${(number + 1) * DOCUMENT_PASSAGES} chunks …`);
  }
  const seconds = writes.reduce((sum, ms) => sum + ms / 1_000, 0);
  return {
    chunksPerSecond: Math.round(chunks / seconds),
    chunksPerCpuSecond: Math.round(chunks / cpu),
    document: toTimes(writes),
    lexicalMeanwhile: toTimes(asked),
  };
}

async function writeVectors({ index, space, random }: Subject, { chunks }: Knobs): Promise<number> {
  const batch = 250;
  let ms = 0;
  for (let first = 0; first < chunks; first += batch) {
    const vectors = Array.from({ length: Math.min(batch, chunks - first) }, (_, place) => {
      const number = Math.floor((first + place) / DOCUMENT_PASSAGES);
      const chunkId = `passage-${number}-${(first + place) % DOCUMENT_PASSAGES}`;
      return { chunkId, documentId: `document-${number}`, vector: makeVector(random, space.dimensions) };
    });
    ms += await timeOnce(() => index.vectors.put(space, vectors));
  }
  return Math.round((chunks / ms) * 1_000);
}

/** The first search of each kind after a start: what it uses is read from the file then. */
async function measureFirst({ index, maker, space, random }: Subject) {
  const vector = makeVector(random, space.dimensions);
  return {
    lexicalMs: round(await timeOnce(() => index.words.search(maker.query(0), SCOPE))),
    denseMs: round(await timeOnce(() => index.vectors.search(space, vector, SCOPE))),
  };
}

async function measureSearches(subject: Subject, { rounds, queries, dimensions, chunks }: Knobs) {
  const { index, maker, space, random } = subject;
  const documents = Math.floor(chunks / DOCUMENT_PASSAGES);
  const named = Array.from({ length: SCOPED_DOCUMENTS }, (_, place) => `document-${(place * 7) % documents}`);
  const searchWords = (number: number, documentIds: string[] | null = null) =>
    index.words.search(maker.query(number), { ...SCOPE, documentIds });
  const searchVectors = () => index.vectors.search(space, makeVector(random, dimensions), SCOPE);
  const kinds = {
    lexical: (number: number) => searchWords(number),
    lexicalInDocuments: (number: number) => searchWords(number, named),
    dense: searchVectors,
    both: (number: number) => Promise.all([searchWords(number), searchVectors()]),
  };
  // The first passes are slower, for V8 has not compiled everything yet.
  for (const search of Object.values(kinds)) await time(queries / 4, search);
  const measured = new Map<string, WorkTimes[]>();
  for (let pass = 0; pass < rounds; pass += 1) {
    for (const [kind, search] of Object.entries(kinds)) {
      measured.set(kind, [...(measured.get(kind) ?? []), await time(queries, search)]);
    }
  }
  return Object.fromEntries([...measured].map(([kind, times]) => [kind, medianTimes(times)]));
}

function makeVector(random: Random, dimensions: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
