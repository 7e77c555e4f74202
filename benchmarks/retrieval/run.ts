import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ndcg, recall, reciprocalRank, type JudgedSearch, type KnowledgeIndex } from '@parley/rag';
import {
  collectionFolders,
  CollectionIndex,
  fuseTuned,
  RANKING_DEPTH,
  readCollection,
  readJudgedQueries,
  seededRandom,
  toEmbeddedText,
  type Collection,
} from '@parley/rag/evaluation';
import { openKnowledgeIndex } from '@parley/rag/index-thread';
import { createFittedEmbedder, createRemoteEmbedder, type Embedder } from './embedder.ts';

/** Queries that a weight is tuned on, at most; each is searched for. */
const MAX_TRAIN = 1_000;

type Figures = Record<string, number | string>;
type JudgedQueries = Pick<Collection, 'queries' | 'judgements'>;

/** See README.md. Answers a member for each collection found under `--data`. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, Figures>> {
  const { folder, createEmbedder } = readKnobs(args);
  const figures: Record<string, Figures> = {};
  for (const path of collectionFolders(folder)) {
    const collection = await readCollection(path);
    console.error(`${collection.name} …`);
    const training = await readJudgedQueries(path, 'train');
    figures[collection.name] = await withIndex((index) => measure(collection, { training, index, createEmbedder }));
  }
  if (!json) console.table(figures);
  return figures;
}

function readKnobs(args: string[]): { folder: string; createEmbedder: (collection: Collection) => Embedder } {
  const options = {
    data: { type: 'string', default: join(import.meta.dirname, '../../../shared/ir-data') },
    'embed-url': { type: 'string' },
    'embed-model': { type: 'string' },
    'embed-key-env': { type: 'string' },
  } as const;
  const { values } = parseArgs({ args, options });
  const { 'embed-url': url, 'embed-model': model, 'embed-key-env': variable } = values;
  if ((url === undefined) !== (model === undefined)) throw new Error('Name both --embed-url and --embed-model.');
  const key = variable === undefined ? undefined : process.env[variable];
  return {
    folder: values.data,
    createEmbedder: ({ documents }) =>
      url !== undefined && model !== undefined
        ? createRemoteEmbedder({ url, model, key })
        : createFittedEmbedder(documents.map(toEmbeddedText), seededRandom(1)),
  };
}

async function withIndex<Value>(work: (index: KnowledgeIndex) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-retrieval-'));
  const index = await openKnowledgeIndex({ file: join(folder, 'index.db') });
  try {
    return await work(index);
  } finally {
    await index.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  collection: Collection,
  {
    training,
    index,
    createEmbedder,
  }: { training: JudgedQueries; index: KnowledgeIndex; createEmbedder: (collection: Collection) => Embedder },
): Promise<Figures> {
  let begun = performance.now();
  const seconds = () => {
    const passed = (performance.now() - begun) / 1_000;
    begun = performance.now();
    return passed;
  };
  const embedder = createEmbedder(collection);
  const fitSeconds = seconds();
  const indexed = new CollectionIndex(index, (texts) => embedder.embed(texts));
  await indexed.addWords(collection.documents);
  const indexSeconds = seconds();
  await indexed.addVectors(collection.documents);
  const denseIndexSeconds = fitSeconds + seconds();
  const { searches, times } = await searchAll(indexed, collection);
  const train = await searchAll(indexed, { ...training, queries: training.queries.slice(0, MAX_TRAIN) });
  const { rankings, denseWeight, tunedOn } = fuseTuned(searches, train.searches);
  const lexical = searches.map(({ legs }) => legs.lexical.map(({ chunkId }) => chunkId));
  const dense = searches.map(({ legs }) => (legs.dense[0] ?? []).map(({ chunkId }) => chunkId));
  return {
    ...rounded({
      bm25: meanOf(searches, lexical, (ranking, judged) => ndcg(ranking, judged, 10)),
      dense: meanOf(searches, dense, (ranking, judged) => ndcg(ranking, judged, 10)),
      fused: meanOf(searches, rankings, (ranking, judged) => ndcg(ranking, judged, 10)),
      recallAt5: meanOf(searches, lexical, (ranking, judged) => recall(ranking, judged, 5)),
      recallAt100: meanOf(searches, lexical, (ranking, judged) => recall(ranking, judged, 100)),
      mrrAt10: meanOf(searches, lexical, (ranking, judged) => reciprocalRank(ranking, judged, 10)),
      denseRecallAt100: meanOf(searches, dense, (ranking, judged) => recall(ranking, judged, 100)),
      fusedRecallAt100: meanOf(searches, rankings, (ranking, judged) => recall(ranking, judged, 100)),
      denseWeight,
      documents: collection.documents.length,
      queries: searches.length,
      indexSeconds,
      denseIndexSeconds,
      queryP50Ms: percentile(times.words, 0.5),
      queryP95Ms: percentile(times.words, 0.95),
      denseQueryP95Ms: percentile(times.vectors, 0.95),
    }),
    denseModel: embedder.name,
    denseWeightTunedOn: tunedOn,
  };
}

interface SearchTimes {
  words: number[];
  vectors: number[];
}

async function searchAll(
  indexed: CollectionIndex,
  { queries, judgements }: JudgedQueries,
): Promise<{ searches: JudgedSearch[]; times: SearchTimes }> {
  const times: SearchTimes = { words: [], vectors: [] };
  const searches: JudgedSearch[] = [];
  for (const { id, text } of queries) {
    const begun = performance.now();
    const lexical = await indexed.searchWords(text);
    const middle = performance.now();
    const dense = await indexed.searchVectors(text);
    times.words.push(middle - begun);
    times.vectors.push(performance.now() - middle);
    searches.push({
      legs: { lexical, dense: [dense], limit: RANKING_DEPTH },
      judgements: judgements.get(id) ?? new Map<string, number>(),
    });
  }
  return { searches, times };
}

function meanOf(
  searches: readonly JudgedSearch[],
  rankings: readonly (readonly string[])[],
  quality: (ranking: readonly string[], judgements: JudgedSearch['judgements']) => number,
): number {
  const sum = searches.reduce((total, { judgements }, place) => total + quality(rankings[place] ?? [], judgements), 0);
  return searches.length === 0 ? 0 : sum / searches.length;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function rounded<Numbers extends Record<string, number>>(numbers: Numbers): Numbers {
  const entries = Object.entries(numbers).map(([name, value]) => [name, Math.round(value * 10_000) / 10_000]);
  return Object.fromEntries(entries) as Numbers;
}
