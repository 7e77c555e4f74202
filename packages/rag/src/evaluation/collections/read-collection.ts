import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Collection, CollectionDocument, CollectionQuery } from './collection.ts';

const idSchema = z.union([z.string(), z.number()]).transform(String);
const documentSchema = z.object({ _id: idSchema, title: z.string().nullish(), text: z.string().nullish() });
const querySchema = z.object({ _id: idSchema, text: z.string() });

/** A file of a collection that is missing or holds something else; the message names file and line. */
export class CollectionError extends Error {
  override readonly name = 'CollectionError';
}

export interface ReadCollectionOptions {
  /** Which judged queries; default `test`. */
  split?: string;
}

/** The collections at a path: the folder itself when it holds a `corpus.jsonl`, else every subfolder that does, by name. */
export function collectionFolders(folder: string): string[] {
  if (holdsCorpus(folder)) return [folder];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(holdsCorpus)
    .toSorted();
}

function holdsCorpus(folder: string): boolean {
  return existsSync(join(folder, 'corpus.jsonl'));
}

/**
 * Reads a collection in BEIR's layout (Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot
 * Evaluation of Information Retrieval Models", 2021): `corpus.jsonl`, `queries.jsonl` or
 * `queries.<split>.jsonl`, and `qrels/<split>.tsv` or `qrels.<split>.tsv`. Queries without a
 * judgement are left out. Throws `CollectionError`.
 */
export async function readCollection(
  folder: string,
  { split = 'test' }: ReadCollectionOptions = {},
): Promise<Collection> {
  const judged = await readJudgedQueries(folder, split);
  if (judged.queries.length === 0) {
    throw new CollectionError(`${folder} has no judged query of "${split}": ${qrelsNames(split).join(' or ')}.`);
  }
  const documents: CollectionDocument[] = [];
  for await (const { _id: id, title, text } of readRows(pick(folder, ['corpus.jsonl']), documentSchema)) {
    documents.push({ id, title: title ?? '', text: text ?? '' });
  }
  return { name: basename(resolve(folder)), documents, ...judged };
}

/** The judged queries of one split of a collection; none where it has no such split. Throws `CollectionError`. */
export async function readJudgedQueries(
  folder: string,
  split: string,
): Promise<Pick<Collection, 'queries' | 'judgements'>> {
  const qrels = find(folder, qrelsNames(split));
  if (qrels === undefined) return { queries: [], judgements: new Map() };
  const judgements = await readJudgements(qrels);
  const queries: CollectionQuery[] = [];
  const file = pick(folder, [`queries.${split}.jsonl`, 'queries.jsonl']);
  for await (const { _id: id, text } of readRows(file, querySchema)) if (judgements.has(id)) queries.push({ id, text });
  return { queries, judgements };
}

function qrelsNames(split: string): string[] {
  return [`qrels.${split}.tsv`, `qrels/${split}.tsv`];
}

function find(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function pick(folder: string, names: readonly string[]): string {
  const found = find(folder, names);
  if (found === undefined) throw new CollectionError(`${folder} has no ${names.join(' and no ')}.`);
  return found;
}

async function* readRows<Schema extends z.ZodType>(file: string, schema: Schema): AsyncGenerator<z.output<Schema>> {
  for await (const { line, number } of linesOf(file)) {
    const row = schema.safeParse(toJson(line));
    if (!row.success) throw new CollectionError(`${file}, line ${number}: this is no entry of a collection.`);
    yield row.data;
  }
}

async function readJudgements(file: string): Promise<Map<string, Map<string, number>>> {
  const judgements = new Map<string, Map<string, number>>();
  for await (const { line, number } of linesOf(file)) {
    const [query = '', document = '', grade = ''] = line.split('\t').map((cell) => cell.trim());
    // The first line names the columns, where there is such a line.
    if (number === 1 && Number.isNaN(Number(grade))) continue;
    if (query === '' || document === '' || grade === '' || Number.isNaN(Number(grade))) {
      throw new CollectionError(`${file}, line ${number}: this is no judgement (query, document and grade, by tabs).`);
    }
    const ofQuery = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, ofQuery.set(document, Number(grade)));
  }
  return judgements;
}

async function* linesOf(file: string): AsyncGenerator<{ line: string; number: number }> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() !== '') yield { line: text, number };
  }
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
