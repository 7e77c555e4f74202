import type { BaseMessage } from '@langchain/core/messages';
import type { ChatMessage } from '@parley/contracts';

const ROLES: Record<string, ChatMessage['role']> = { human: 'user', ai: 'assistant', system: 'system' };

/** LangChain messages as OpenAI messages; text only. */
export function toChatMessages(messages: readonly BaseMessage[]): ChatMessage[] {
  return messages.map((message) => ({ role: ROLES[message.type] ?? 'user', content: message.text }));
}
