import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Chunk, Judgements } from '@parley/rag';

/** A judged test collection in BEIR's layout. */
export interface Collection {
  name: string;
  documents: Chunk[];
  queries: { id: string; text: string }[];
  /** Query id to its judgements. */
  judgements: ReadonlyMap<string, Judgements>;
}

/** Names of the collections in a folder: every subfolder that holds a `corpus.jsonl`. */
export function collectionNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'corpus.jsonl')))
    .toSorted();
}

/** Reads corpus.jsonl, queries.test.jsonl and qrels.test.tsv. Queries without a judgement are left out. */
export function readCollection(folder: string, name: string): Collection {
  const lines = (file: string) =>
    readFileSync(join(folder, name, file), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  const judgements = readJudgements(lines('qrels.test.tsv').slice(1));
  const queries = lines('queries.test.jsonl').map((line) => JSON.parse(line) as { _id: string; text: string });
  const documents = lines('corpus.jsonl').map((line) => toChunk(JSON.parse(line) as CorpusLine));
  return {
    name,
    documents,
    queries: queries.map(({ _id: id, text }) => ({ id, text })).filter(({ id }) => judgements.has(id)),
    judgements,
  };
}

interface CorpusLine {
  _id: string;
  title?: string;
  text: string;
}

function toChunk({ _id: id, title = '', text }: CorpusLine): Chunk {
  return { id, documentId: id, title, headingPath: [], start: 0, end: text.length, text };
}

function readJudgements(rows: readonly string[]): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const [query = '', document = '', grade = '0'] = row.split('\t');
    const ofQuery = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, ofQuery.set(document, Number(grade)));
  }
  return judgements;
}
