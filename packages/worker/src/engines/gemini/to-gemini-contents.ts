import { z } from 'zod';
import type { ChatMessage } from '@parley/contracts';
import { parseJson } from '../online/parse-json.ts';
import { answeredCall, partsOf, toolCallsOf, type MessagePart, type ToolCall } from '../online/read-message.ts';

export type GeminiPart = Record<string, unknown>;

export interface GeminiContent {
  role: 'user' | 'model';
  parts: GeminiPart[];
}

/** What the system and developer messages say together, in order. */
export function toSystemParts(messages: readonly ChatMessage[]): GeminiPart[] {
  return messages.filter(isSystem).flatMap((message) => partsOf(message).map(toPart));
}

/**
 * The conversation in Gemini's contents (ai.google.dev/api/caching#Content). The results of tools are
 * a user's, and name the function, which OpenAI's wire says only with the call; the id tells two calls
 * of one function apart, whose results may come in any order. What one side says in a row is one
 * content, because all results of an answer must stand together in the next.
 */
export function toContents(messages: readonly ChatMessage[]): GeminiContent[] {
  const contents: GeminiContent[] = [];
  const names = new Map<string, string>();
  for (const message of messages.filter((other) => !isSystem(other))) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = role === 'model' ? toModelParts(message, names) : toUserParts(message, names);
    const last = contents.at(-1);
    if (parts.length === 0) continue;
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return contents;
}

function isSystem({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer';
}

function toModelParts(message: ChatMessage, names: Map<string, string>): GeminiPart[] {
  const calls = toolCallsOf(message);
  for (const { id, name } of calls) names.set(id, name);
  return [...partsOf(message).map(toPart), ...calls.map(toCallPart)];
}

const signatureSchema = z.looseObject({
  extra_content: z.looseObject({ google: z.looseObject({ thought_signature: z.string() }) }),
});
// ai.google.dev/gemini-api/docs/thought-signatures: for calls of a history that has none, because
// another model made them. Without any the first call of an answer is refused.
const NO_SIGNATURE = 'skip_thought_signature_validator';

function toCallPart({ id, name, arguments: args, raw }: ToolCall, place: number): GeminiPart {
  const signature = signatureSchema.safeParse(raw).data?.extra_content.google.thought_signature;
  const thoughtSignature = signature ?? (place === 0 ? NO_SIGNATURE : undefined);
  return {
    functionCall: { ...(id && { id }), name, args },
    ...(thoughtSignature !== undefined && { thoughtSignature }),
  };
}

function toUserParts(message: ChatMessage, names: ReadonlyMap<string, string>): GeminiPart[] {
  if (message.role !== 'tool') return partsOf(message).map(toPart);
  const id = answeredCall(message);
  const text = partsOf(message)
    .map((part) => (part.kind === 'text' ? part.text : ''))
    .join('');
  return [{ functionResponse: { ...(id && { id }), name: names.get(id) ?? id, response: toResponse(text) } }];
}

// Gemini takes an object only.
function toResponse(text: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).safeParse(parseJson(text)).data ?? { output: text };
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  pdf: 'application/pdf',
};

function toPart(part: MessagePart): GeminiPart {
  if (part.kind === 'text') return { text: part.text };
  if (part.url === null) return { inlineData: { mimeType: part.mimeType, data: part.data } };
  const extension = /\.(\w+)(\?|#|$)/.exec(part.url)?.[1]?.toLowerCase() ?? '';
  return { fileData: { fileUri: part.url, mimeType: TYPES[extension] ?? 'image/jpeg' } };
}
