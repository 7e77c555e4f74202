import type { Selectable } from 'kysely';
import { z } from 'zod';
import {
  answerErrorSchema,
  answerStatusSchema,
  sourceSchema,
  timingsSchema,
  usageSchema,
  type AnswerError,
  type AnswerStatus,
  type Message,
  type Source,
  type Timings,
  type Usage,
} from '@parley/contracts';
import type { MessageTable } from '../database/schema.ts';

/** A stored message: what the page sees of it, and why its stream ended. */
export interface StoredMessage extends Message {
  finish_reason: string | null;
}

/** How an answer ended, whatever way that was. */
export interface AnswerEnd {
  status: Exclude<AnswerStatus, 'streaming'>;
  finish_reason: string | null;
  usage: Usage | null;
  timings: Timings;
  sources: Source[];
  error: AnswerError | null;
}

const sourcesSchema = z.array(sourceSchema);

/** Row to message. JSON that this version cannot read counts as absent: an old answer stays readable. */
export function toStoredMessage(row: Selectable<MessageTable>): StoredMessage {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    parent_id: row.parent_id,
    role: row.role,
    status: answerStatusSchema.parse(row.status),
    content: row.content,
    reasoning: row.reasoning,
    model: row.model,
    sources: parseJson(sourcesSchema, row.sources) ?? [],
    usage: parseJson(usageSchema, row.usage),
    timings: parseJson(timingsSchema, row.timings),
    error: parseJson(answerErrorSchema, row.error),
    feedback: row.feedback === 1 || row.feedback === -1 ? row.feedback : null,
    created_at: row.created_at,
    finish_reason: row.finish_reason,
  };
}

/** The columns that an end fills. */
export function toEndColumns(end: AnswerEnd) {
  return {
    status: end.status,
    finish_reason: end.finish_reason,
    usage: toJson(end.usage),
    timings: toJson(end.timings),
    sources: JSON.stringify(end.sources),
    error: toJson(end.error),
  };
}

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function parseJson<Schema extends z.ZodType>(schema: Schema, json: string | null): z.output<Schema> | null {
  if (json === null) return null;
  const parsed = schema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}
