import type { ChatRequest } from '@parley/contracts';
import { request } from './http.ts';
import { readEvents, type NumberedEvent } from './read-events.ts';

const asStream = { accept: 'text/event-stream' };

/** Asks a question; the answer's events follow. Aborting only stops listening, never the answer. */
export async function* ask(body: ChatRequest, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
  yield* readEvents(await request('/api/chat', { method: 'POST', body, headers: asStream, signal }));
}

/** Asks for another answer beside the one named. */
export async function* regenerate(
  messageId: string,
  model: string | null,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  const body = model === null ? {} : { model };
  const path = `/api/messages/${encodeURIComponent(messageId)}/regenerate`;
  yield* readEvents(await request(path, { method: 'POST', body, headers: asStream, signal }));
}

/** Follows an answer that is being written, from the start or after the event last seen. */
export async function* follow(
  messageId: string,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  const headers = lastEventId === null ? asStream : { ...asStream, 'last-event-id': lastEventId };
  yield* readEvents(await request(`/api/messages/${encodeURIComponent(messageId)}/events`, { headers, signal }));
}

/** Ends an answer, wherever it was started; resolves once its end is stored. */
export async function stop(messageId: string): Promise<void> {
  await request(`/api/messages/${encodeURIComponent(messageId)}/stop`, { method: 'POST', body: {} });
}
