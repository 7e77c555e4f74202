import { z } from 'zod';
import { ParleyError, type ChatMessage } from '@parley/contracts';
import { parseJson } from './parse-json.ts';

// OpenAI's messages, for vendors that have a wire of their own.

const imageSchema = z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string() }) });
const fileSchema = z.looseObject({ type: z.literal('file'), file: z.looseObject({ file_data: z.string() }) });
const textSchema = z.looseObject({ type: z.literal('text'), text: z.string() });
const partSchema = z.union([
  textSchema.transform(({ text }) => ({ kind: 'text' as const, text })),
  imageSchema.transform(({ image_url }) => ({ kind: 'image' as const, ...toSource(image_url.url) })),
  fileSchema.transform(({ file }) => ({ kind: 'file' as const, ...toSource(file.file_data) })),
]);

/** Where the bytes of a picture or a file are: in the message, or at an address. */
type MediaSource = { data: string; mimeType: string; url: null } | { data: null; mimeType: null; url: string };
export type MessagePart = { kind: 'text'; text: string } | ({ kind: 'image' | 'file' } & MediaSource);

/** The parts of a message. Throws `invalid_request` for a kind that these vendors do not take. */
export function partsOf({ content }: ChatMessage): MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return (content ?? []).flatMap((part) => {
    const parsed = partSchema.safeParse(part);
    if (!parsed.success) throw invalid(`This model cannot read a message part of the type ${part.type}.`, 'messages');
    // An empty text says nothing, and is refused.
    return parsed.data.kind === 'text' && parsed.data.text === '' ? [] : [parsed.data];
  });
}

function toSource(url: string): MediaSource {
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  const [, mimeType, data] = inline ?? [];
  return mimeType !== undefined && data !== undefined
    ? { data, mimeType, url: null }
    : { data: null, mimeType: null, url };
}

const callSchema = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }),
});

export interface ToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  /** The whole call as it came, with what a vendor hung on it. */
  raw: Record<string, unknown>;
}

/** The tools that an assistant message calls. Throws `invalid_request` for arguments that are no object. */
export function toolCallsOf(message: ChatMessage): ToolCall[] {
  const calls = message['tool_calls'] ?? [];
  const parsed = z.array(callSchema).safeParse(calls);
  if (!parsed.success) throw invalid('The tool calls of a message cannot be read.', 'messages');
  return parsed.data.map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: toArguments(call.function.arguments ?? ''),
    raw: call,
  }));
}

/** Which call the message answers; '' when it does not say. */
export function answeredCall(message: ChatMessage): string {
  const id = message['tool_call_id'];
  return typeof id === 'string' ? id : '';
}

function toArguments(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw invalid('The arguments of a tool call are not a JSON object.', 'messages');
}

/** A fault of the request's. */
export function invalid(message: string, param: string): ParleyError {
  return new ParleyError('invalid_request', message, { param });
}
