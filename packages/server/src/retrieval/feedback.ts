import type { Message } from '@parley/contracts';
import type { JudgementTable } from '../database/schema.ts';

/** A mark of a citation, as answers carry them. */
const MARK = /\[(\d{1,3})\]/g;

/** The passages that an answer cites: those whose numbers stand in its text. */
export function citedSources({ content, sources }: Message): Message['sources'] {
  const cited = new Set([...content.matchAll(MARK)].map(([, index]) => Number(index)));
  return sources.filter(({ index }) => cited.has(index));
}

export interface ThumbedAnswer {
  answer: Message;
  /** The question that it answers. */
  question: string;
  score: 1 | -1;
}

/**
 * What a thumb says about passages: up, that the cited ones help; down, that they do not. Only
 * passages of knowledge bases are judged; the guide has no judged set.
 */
export function toJudgements(
  { answer, question, score }: ThumbedAnswer,
  { now, newId }: { now: () => number; newId: () => string },
): JudgementTable[] {
  return citedSources(answer).flatMap(({ base_id, document_id, start, end }) =>
    base_id === null
      ? []
      : {
          id: newId(),
          base_id,
          query: question,
          document_id,
          start,
          end,
          grade: score === 1 ? 1 : 0,
          origin: 'feedback' as const,
          message_id: answer.id,
          created_at: now(),
        },
  );
}
