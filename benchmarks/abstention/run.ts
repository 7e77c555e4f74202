import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bm25Index, isOffTopic, toChunks, type Chunk } from '@parley/rag';
import { collectionFolders, readCollection, type Collection, type CollectionDocument } from '@parley/rag/evaluation';

/** Passages that an answer takes. */
const PASSAGES = 5;

/** Of all abstentions, those that were right; of all questions without an answer, those abstained from. */
interface AbstentionFigures {
  precision: number;
  recall: number;
}

interface CollectionFigures {
  /** Questions whose answer stands among the passages found. */
  answerable: number;
  /** Share of them that were taken for unanswerable all the same. */
  falseAbstentions: number;
  /** The collection's questions, asked of the user guide: about something else altogether. */
  otherSubject: AbstentionFigures;
  /** The guide's questions, asked of the collection. */
  foreignQuestions: AbstentionFigures;
  /** The collection's questions after all that answers them was taken out: what is left is about the same. */
  answerRemoved: AbstentionFigures;
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
  for (const path of collectionFolders(folder)) {
    const collection = await readCollection(path);
    figures[collection.name] = await measure(collection);
  }
  if (!json) console.dir(figures, { depth: 3 });
  return figures;
}

async function measure({ documents, queries, judgements }: Collection): Promise<CollectionFigures> {
  const guide = readGuide(/\p{Script=Han}/u.test(queries[0]?.text ?? '') ? 'zh' : 'en');
  const [own, other] = [new Bm25Index(documents.map(toPassage)), new Bm25Index(guide)];
  const relevantTo = (id: string) =>
    new Set([...(judgements.get(id) ?? [])].filter(([, grade]) => grade > 0).map(([key]) => key));
  const wrongly: boolean[] = [];
  const removed: boolean[] = [];
  const elsewhere: boolean[] = [];
  for (const { id, text } of queries) {
    const relevant = relevantTo(id);
    const found = await search(own, text, PASSAGES + relevant.size);
    const top = found.slice(0, PASSAGES);
    if (top.some((chunk) => relevant.has(chunk.documentId))) wrongly.push(isOffTopic([text], top));
    removed.push(isOffTopic([text], found.filter((chunk) => !relevant.has(chunk.documentId)).slice(0, PASSAGES)));
    elsewhere.push(isOffTopic([text], await search(other, text, PASSAGES)));
  }
  const questions = guide
    .flatMap(({ headingPath }) => headingPath.slice(-1))
    .filter((heading) => /[?？]$/.test(heading));
  const foreign = await Promise.all(
    questions.map(async (text) => isOffTopic([text], await search(own, text, PASSAGES))),
  );
  return {
    answerable: wrongly.length,
    falseAbstentions: share(wrongly),
    otherSubject: compare(elsewhere, wrongly),
    foreignQuestions: compare(foreign, wrongly),
    answerRemoved: compare(removed, wrongly),
  };
}

function toPassage({ id, title, text }: CollectionDocument): Chunk {
  const place = { versionId: null, baseId: null, headingPath: [], page: null, start: 0, end: text.length };
  return { id, documentId: id, title, text, flags: [], ...place };
}

async function search(index: Bm25Index, query: string, limit: number): Promise<Chunk[]> {
  return (await index.search(query, { limit })).map(({ chunk }) => chunk);
}

function readGuide(language: string): Chunk[] {
  const folder = join(import.meta.dirname, '../../docs/guide', language);
  return readdirSync(folder).flatMap((file) =>
    toChunks({ id: file, title: file, text: readFileSync(join(folder, file), 'utf8') }),
  );
}

function compare(right: readonly boolean[], wrong: readonly boolean[]): AbstentionFigures {
  const [rightly, wrongly] = [right, wrong].map((abstained) => abstained.filter(Boolean).length);
  const all = (rightly ?? 0) + (wrongly ?? 0);
  return { precision: all === 0 ? 1 : rounded((rightly ?? 0) / all), recall: share(right) };
}

function share(abstained: readonly boolean[]): number {
  return rounded(abstained.filter(Boolean).length / abstained.length);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
