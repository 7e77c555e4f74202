import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judgements } from '@parley/rag';

export interface CollectionDocument {
  id: string;
  title: string;
  text: string;
}

export interface JudgedQuery {
  id: string;
  text: string;
  /** Grades by the ids of documents. */
  judgements: Judgements;
}

/** A judged test collection in BEIR's layout. */
export interface Collection {
  name: string;
  documents: CollectionDocument[];
  /** What is measured. */
  test: JudgedQuery[];
  /** What weights may be tuned on; empty where the collection has none. */
  train: JudgedQuery[];
}

interface JsonLine {
  _id: string | number;
  title?: string | null;
  text?: string | null;
}

/** Names of the collections in a folder: every subfolder that holds a `corpus.jsonl`. */
export function collectionNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'corpus.jsonl')))
    .toSorted();
}

/** Reads corpus.jsonl, queries.SPLIT.jsonl and qrels.SPLIT.tsv. Queries without a judgement are left out. */
export function readCollection(folder: string, name: string): Collection {
  const path = join(folder, name);
  const documents = readJsonLines(join(path, 'corpus.jsonl')).map(({ _id: id, title, text }) => ({
    id: String(id),
    title: title ?? '',
    text: text ?? '',
  }));
  return { name, documents, test: readQueries(path, 'test'), train: readQueries(path, 'train') };
}

function readQueries(path: string, split: 'test' | 'train'): JudgedQuery[] {
  const [queries, judged] = [join(path, `queries.${split}.jsonl`), join(path, `qrels.${split}.tsv`)];
  if (!existsSync(queries) || !existsSync(judged)) return [];
  const judgements = readJudgements(readLines(judged));
  return readJsonLines(queries).flatMap(({ _id: id, text }) => {
    const own = judgements.get(String(id));
    return own ? [{ id: String(id), text: text ?? '', judgements: own }] : [];
  });
}

/** Rows of query, document and grade; the head, whose third column is no number, says nothing. */
function readJudgements(rows: readonly string[]): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const [query = '', document = '', grade = ''] = row.trim().split('\t');
    if (grade === '' || Number.isNaN(Number(grade))) continue;
    const ofQuery = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, ofQuery.set(document, Number(grade)));
  }
  return judgements;
}

function readJsonLines(file: string): JsonLine[] {
  return readLines(file).map((line) => JSON.parse(line) as JsonLine);
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
