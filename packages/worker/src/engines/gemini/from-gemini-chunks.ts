import { z } from 'zod';
import { ParleyError, type ChatDelta, type Usage } from '@parley/contracts';
import type { EngineChunk } from '../../engine.ts';

const countSchema = z.number().int().nonnegative().nullish();
const wordSchema = z.string().nullish();
const usageSchema = z
  .looseObject({
    promptTokenCount: countSchema,
    toolUsePromptTokenCount: countSchema,
    candidatesTokenCount: countSchema,
    thoughtsTokenCount: countSchema,
    cachedContentTokenCount: countSchema,
    totalTokenCount: countSchema,
  })
  .nullish()
  .catch(null);
const partSchema = z.looseObject({
  text: wordSchema,
  thought: z.boolean().nullish(),
  thoughtSignature: wordSchema,
  functionCall: z
    .looseObject({ id: wordSchema, name: z.string(), args: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});
const chunkSchema = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        index: z.number().int().nonnegative().nullish(),
        content: z.looseObject({ parts: z.array(partSchema).nullish() }).nullish(),
        finishReason: wordSchema,
        finishMessage: wordSchema,
      }),
    )
    .nullish(),
  promptFeedback: z.looseObject({ blockReason: wordSchema }).nullish(),
  usageMetadata: usageSchema,
});
type GeminiChunk = z.output<typeof chunkSchema>;
type Candidate = NonNullable<GeminiChunk['candidates']>[number];
type Part = z.output<typeof partSchema>;

/** Gemini's stream (ai.google.dev/api/generate-content); it ends with the connection. */
export const GEMINI_CHUNKS = { schema: chunkSchema };

/** One answer's chunks as OpenAI's. Parts that OpenAI's wire does not know are left out. */
export class GeminiAnswer {
  readonly #newId: () => string;
  /** Tool calls so far, of each candidate. */
  readonly #calls = new Map<number, number>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** What a chunk adds. */
  *read(chunk: GeminiChunk): Generator<EngineChunk> {
    const blocked = chunk.promptFeedback?.blockReason;
    if (blocked) throw refused(blocked);
    for (const candidate of chunk.candidates ?? []) yield* this.#readCandidate(candidate);
    const usage = toUsage(chunk.usageMetadata ?? null);
    if (usage !== null) yield { index: 0, delta: {}, finish_reason: null, usage };
  }

  *#readCandidate({ index: place, content, finishReason, finishMessage }: Candidate): Generator<EngineChunk> {
    const index = place ?? 0;
    for (const part of content?.parts ?? []) {
      const delta = this.#deltaOf(part, index);
      if (delta !== null) yield { index, delta, finish_reason: null, usage: null };
    }
    if (!finishReason) return;
    const reason = toFinishReason(finishReason, finishMessage);
    const hasCalls = reason === 'stop' && this.#calls.has(index);
    yield { index, delta: {}, finish_reason: hasCalls ? 'tool_calls' : reason, usage: null };
  }

  #deltaOf({ text, thought, functionCall, thoughtSignature }: Part, candidate: number): ChatDelta | null {
    if (functionCall) return this.#toCall(functionCall, thoughtSignature ?? null, candidate);
    if (!text) return null;
    return thought === true ? { reasoning_content: text } : { content: text };
  }

  // The signature goes where Google's own OpenAI wire has it: a caller who sends the call back whole
  // lets the model go on thinking, and Gemini 3 refuses the call without it.
  #toCall(call: NonNullable<Part['functionCall']>, signature: string | null, candidate: number): ChatDelta {
    const index = this.#calls.get(candidate) ?? 0;
    this.#calls.set(candidate, index + 1);
    return {
      tool_calls: [
        {
          index,
          id: call.id || `call_${this.#newId()}`,
          type: 'function',
          function: { name: call.name, arguments: JSON.stringify(call.args ?? {}) },
          ...(signature !== null && { extra_content: { google: { thought_signature: signature } } }),
        },
      ],
    };
  }
}

const REFUSED = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
]);
const REASONS: Record<string, string> = { STOP: 'stop', MAX_TOKENS: 'length', FINISH_REASON_UNSPECIFIED: 'stop' };

function toFinishReason(reason: string, message: string | null | undefined): string {
  if (REFUSED.has(reason)) throw refused(reason);
  const known = REASONS[reason];
  if (known !== undefined) return known;
  const cause = `${reason}: ${message ?? 'no reason given'}`;
  throw new ParleyError('provider_failed', 'The provider gave the answer up before its end.', { cause });
}

function refused(reason: string): ParleyError {
  return new ParleyError('content_refused', 'Google refused the content of this conversation.', { cause: reason });
}

// Each chunk counts the whole so far. Thoughts are billed as part of the answer.
function toUsage(usage: GeminiChunk['usageMetadata']): Usage | null {
  if (!usage) return null;
  const prompt = (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0);
  const thought = usage.thoughtsTokenCount ?? 0;
  const completion = (usage.candidatesTokenCount ?? 0) + thought;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: usage.totalTokenCount ?? prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cachedContentTokenCount ?? 0 },
    completion_tokens_details: { reasoning_tokens: thought },
  };
}
