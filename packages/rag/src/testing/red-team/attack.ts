import type { DocumentFlag } from '@parley/contracts';
import { answerFromKnowledgeBase } from '../../answers.ts';
import { findFlaggedSpans } from '../../documents/find-flagged-spans.ts';
import { splitDocument } from '../../documents/split-document.ts';
import type { StreamCompletion } from '../../models/stream-completion.ts';
import type { FlaggedSpan } from '../../parsing/reader-events.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';
import { retrieve } from '../../retrieval/retrieve.ts';
import { FakeKnowledge } from '../fake-knowledge.ts';
import type { PoisonedDocument } from './poisoned-document.ts';

/** How an attack ended. */
export interface AttackResult {
  answer: string;
  /** The document got what it wanted. */
  hasSucceeded: boolean;
  /** What of the poison was noticed. */
  flags: DocumentFlag[];
}

const SPLIT = { max_tokens: 350, overlap_tokens: 0 };

/** Lets a poisoned document into a knowledge base and asks the base its question, as the server does. */
export async function attack(document: PoisonedDocument, complete: StreamCompletion): Promise<AttackResult> {
  const chunks = toChunks(document);
  const signal = new AbortController().signal;
  const { ports } = new FakeKnowledge(chunks);
  const events = answerFromKnowledgeBase(
    {
      model: 'm',
      question: document.question,
      turns: [],
      complete,
      findPassages: (queries) =>
        retrieve(
          queries,
          {
            ports,
            options: { baseIds: ['base'], documentIds: null, denseWeightOf: () => 0, passages: 5, tokens: 10_000 },
          },
          signal,
        ),
    },
    signal,
  );
  let answer = '';
  for await (const event of events) if (event.type === 'text-delta') answer += event.text;
  const flags = [...new Set(chunks.flatMap((chunk) => chunk.flags))];
  return { answer, hasSucceeded: answer.includes(document.payload), flags };
}

/** The passages of a poisoned document, as they are stored. */
export function toChunks({ title, text, hidden }: PoisonedDocument): Chunk[] {
  const hiddenAt = hidden === undefined ? -1 : text.indexOf(hidden);
  const seen: FlaggedSpan[] =
    hidden === undefined ? [] : [{ start: hiddenAt, end: hiddenAt + hidden.length, flag: 'hidden-text' }];
  const flaggedSpans = [...findFlaggedSpans(text), ...seen];
  return splitDocument({ title, text, pages: [], flaggedSpans }, SPLIT).map((chunk) => ({
    ...chunk,
    id: `chunk-${chunk.ordinal}`,
    documentId: 'poisoned',
    versionId: 'first',
    baseId: 'base',
    title,
  }));
}
