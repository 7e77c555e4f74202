import {
  conversationPageSchema,
  conversationSchema,
  knowledgeBaseSchema,
  messageListSchema,
  type Conversation,
  type ConversationPage,
  type KnowledgeBase,
  type Message,
} from '@parley/contracts';
import { request, requestJson } from './http.ts';

const PAGE_SIZE = 40;
const at = (id: string) => `/api/conversations/${encodeURIComponent(id)}`;

/** One page of the history, newest first; `before` is the `next` of the page above it. */
export function listConversations(before: string | null = null): Promise<ConversationPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(before === null ? {} : { before }) });
  return requestJson(conversationPageSchema, `/api/conversations?${query}`);
}

/** Every message of a conversation, all branches, oldest first. */
export async function listMessages(conversationId: string, signal: AbortSignal): Promise<Message[]> {
  const { messages } = await requestJson(messageListSchema, `${at(conversationId)}/messages`, { signal });
  return messages;
}

export function readConversation(id: string, signal: AbortSignal): Promise<Conversation> {
  return requestJson(conversationSchema, at(id), { signal });
}

/** An empty conversation, for what must be there before the first question. */
export function createConversation(): Promise<Conversation> {
  return requestJson(conversationSchema, '/api/conversations', { method: 'POST', body: {} });
}

/** The base of the files dropped into a conversation; made when there is none yet. */
export function requireFilesBase(id: string): Promise<KnowledgeBase> {
  return requestJson(knowledgeBaseSchema, `${at(id)}/files-base`, { method: 'POST', body: {} });
}

export function renameConversation(id: string, title: string): Promise<Conversation> {
  return requestJson(conversationSchema, at(id), { method: 'PATCH', body: { title } });
}

export async function deleteConversation(id: string): Promise<void> {
  await request(at(id), { method: 'DELETE' });
}
