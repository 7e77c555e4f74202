import { messageTraceSchema, type Message, type RetrievalTrace } from '@parley/contracts';
import { request, requestJson } from './http.ts';

const at = (id: string, rest: string) => `/api/messages/${encodeURIComponent(id)}/${rest}`;

/** How the passages of an answer were found; null when nothing was searched for it. */
export async function readTrace(messageId: string): Promise<RetrievalTrace | null> {
  const { trace } = await requestJson(messageTraceSchema, at(messageId, 'trace'));
  return trace;
}

/** The reader's thumb; null takes it back. */
export async function saveFeedback(messageId: string, score: Message['feedback']): Promise<void> {
  await request(at(messageId, 'feedback'), { method: 'PUT', body: { score } });
}
