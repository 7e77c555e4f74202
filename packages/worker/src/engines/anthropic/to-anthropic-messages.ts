import { z } from 'zod';
import type { ChatMessage } from '@parley/contracts';
import { answeredCall, partsOf, toolCallsOf, type MessagePart } from '../online/read-message.ts';

/** A block of Anthropic's content: its type, and fields of that type. */
export type Block = Record<string, unknown> & { type: string };

export interface AnthropicMessage {
  role: 'user' | 'assistant';
  content: Block[];
}

/** What the system and developer messages say together, in order; Anthropic has one place for it. */
export function toSystem(messages: readonly ChatMessage[]): Block[] {
  return messages.filter(isSystem).flatMap(toBlocks);
}

/**
 * The conversation in Anthropic's blocks (platform.claude.com/docs/en/api/messages). The results of
 * tools are a user's; what one side says in a row is one message, because all results of an answer
 * must stand together in the next.
 */
export function toMessages(messages: readonly ChatMessage[]): AnthropicMessage[] {
  const result: AnthropicMessage[] = [];
  for (const message of messages.filter((other) => !isSystem(other))) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = toContent(message);
    const last = result.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else result.push({ role, content });
  }
  return result;
}

function isSystem({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer';
}

function toContent(message: ChatMessage): Block[] {
  const blocks = toBlocks(message);
  if (message.role === 'tool') {
    return [
      {
        type: 'tool_result',
        tool_use_id: toId(answeredCall(message)),
        ...(blocks.length > 0 && { content: blocks }),
      },
    ];
  }
  if (message.role !== 'assistant') return blocks;
  const calls = toolCallsOf(message).map(({ id, name, arguments: input }) => ({
    type: 'tool_use',
    id: toId(id),
    name,
    input,
  }));
  return [...thoughtsOf(message), ...blocks, ...calls];
}

// A text of spaces alone is refused; models write "\n\n" before they call a tool.
function toBlocks(message: ChatMessage): Block[] {
  const parts = partsOf(message).filter((part) => part.kind !== 'text' || part.text.trim() !== '');
  return parts.map(toBlock);
}

// Others name their calls more freely, Kimi `functions.weather:0`.
function toId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_');
}

const thoughtSchema = z.union([
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

/** Thoughts go back only as they were signed; a caller without them leaves them out. */
function thoughtsOf(message: ChatMessage): Block[] {
  return z.array(thoughtSchema).safeParse(message['thinking_blocks']).data ?? [];
}

function toBlock(part: MessagePart): Block {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  const source =
    part.url === null ? { type: 'base64', media_type: part.mimeType, data: part.data } : { type: 'url', url: part.url };
  return { type: part.kind === 'image' ? 'image' : 'document', source };
}
