import type { ChatCompletion, ChatDelta } from '@parley/contracts';
import type { AnswerHead, WireChoice, WireChunk } from './chunk-shaper.ts';

type JoinedChoice = Omit<WireChoice, 'delta'> & { message: ChatDelta };

/** A streamed answer as one `chat.completion`; what a caller without `stream` gets. */
export async function joinChunks(head: AnswerHead, chunks: AsyncIterable<WireChunk>): Promise<ChatCompletion> {
  const choices = new Map<number, JoinedChoice>();
  let usage: ChatCompletion['usage'] = null;
  for await (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    for (const { index, delta, finish_reason, logprobs } of chunk.choices) {
      const choice = choices.get(index) ?? { index, message: {}, logprobs: null, finish_reason: null };
      choices.set(index, choice);
      choice.message = joinDeep(choice.message, delta) as ChatDelta;
      choice.logprobs = joinDeep(choice.logprobs, logprobs);
      choice.finish_reason = finish_reason ?? choice.finish_reason;
    }
  }
  const { id, created, model } = head;
  const ordered = [...choices.values()].toSorted((a, b) => a.index - b.index).map(asWhole);
  return { id, object: 'chat.completion', created, model, choices: ordered, usage };
}

// OpenAI says null, not "", where tools are called instead of anything being said, and numbers calls only in a stream.
function asWhole(choice: JoinedChoice): JoinedChoice {
  const { content, tool_calls: calls, ...rest } = choice.message;
  if (!Array.isArray(calls)) return choice;
  const tool_calls = calls.filter(isRecord).map(withoutIndex);
  return { ...choice, message: { ...rest, content: content || null, tool_calls } };
}

function withoutIndex(call: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(call).filter(([name]) => name !== 'index'));
}

/** What is streamed in parts grows by part: text is appended, lists are joined, objects go field by field. */
function joinDeep(whole: unknown, part: unknown): unknown {
  if (part === null || part === undefined) return whole;
  if (typeof whole === 'string' && typeof part === 'string') return whole + part;
  if (Array.isArray(part)) return Array.isArray(whole) ? joinLists(whole, part) : joinLists([], part);
  if (!isRecord(part) || !isRecord(whole)) return part;
  const joined = { ...whole };
  for (const [key, value] of Object.entries(part)) {
    // Named once and whole; a server that repeats them in each part must not double them.
    joined[key] = WHOLE_FIELDS.has(key) ? (value ?? joined[key]) : joinDeep(joined[key], value);
  }
  return joined;
}

const WHOLE_FIELDS = new Set(['role', 'id', 'type', 'name', 'index', 'format']);

// Elements with an index (tool calls) belong together by it; others (log probabilities) follow one another.
function joinLists(whole: unknown[], parts: unknown[]): unknown[] {
  const list = [...whole];
  for (const part of parts) {
    const place = isRecord(part) && typeof part['index'] === 'number' ? list.findIndex(hasIndex(part['index'])) : -1;
    if (place === -1) list.push(part);
    else list[place] = joinDeep(list[place], part);
  }
  return list;
}

function hasIndex(index: number): (value: unknown) => boolean {
  return (value) => isRecord(value) && value['index'] === index;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
