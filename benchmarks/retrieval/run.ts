import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bm25Index, ndcg, recall, reciprocalRank } from '@parley/rag';
import { collectionNames, readCollection, type Collection } from './read-collection.ts';

/** How deep each ranking goes: recall is counted to here. */
const DEPTH = 100;

/** Figures of one collection. Qualities are means over its queries, 0 to 1. */
interface CollectionFigures {
  /** nDCG@10 of BM25. */
  bm25: number;
  recallAt5: number;
  recallAt100: number;
  mrrAt10: number;
  documents: number;
  queries: number;
  indexSeconds: number;
  queryP50Ms: number;
  queryP95Ms: number;
}

/** See README.md. Answers a member for each collection found under `--data`. */
export async function run({
  json,
  args,
}: {
  json: boolean;
  args: string[];
}): Promise<Record<string, CollectionFigures>> {
  const { values } = parseArgs({ args, options: { data: { type: 'string' } } });
  const folder = values.data ?? join(import.meta.dirname, '../../../shared/ir-data');
  const figures: Record<string, CollectionFigures> = {};
  for (const name of collectionNames(folder)) {
    console.error(`${name} …`);
    figures[name] = await measure(readCollection(folder, name));
  }
  if (!json) console.table(figures);
  return figures;
}

async function measure({ documents, queries, judgements }: Collection): Promise<CollectionFigures> {
  const begun = performance.now();
  const index = new Bm25Index(documents);
  const indexSeconds = (performance.now() - begun) / 1000;
  const times: number[] = [];
  const qualities = { bm25: 0, recallAt5: 0, recallAt100: 0, mrrAt10: 0 };
  for (const { id, text } of queries) {
    const asked = performance.now();
    const found = await index.search(text, { limit: DEPTH });
    times.push(performance.now() - asked);
    const ranking = found.map(({ chunk }) => chunk.documentId);
    const judged = judgements.get(id) ?? new Map<string, number>();
    qualities.bm25 += ndcg(ranking, judged, 10) / queries.length;
    qualities.recallAt5 += recall(ranking, judged, 5) / queries.length;
    qualities.recallAt100 += recall(ranking, judged, 100) / queries.length;
    qualities.mrrAt10 += reciprocalRank(ranking, judged, 10) / queries.length;
  }
  return {
    ...rounded(qualities),
    documents: documents.length,
    queries: queries.length,
    ...rounded({ indexSeconds, queryP50Ms: percentile(times, 0.5), queryP95Ms: percentile(times, 0.95) }),
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function rounded<Figures extends Record<string, number>>(figures: Figures): Figures {
  const entries = Object.entries(figures).map(([name, value]) => [name, Math.round(value * 10_000) / 10_000]);
  return Object.fromEntries(entries) as Figures;
}
