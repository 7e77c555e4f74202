import { createParser } from 'eventsource-parser';
import { documentChangeSchema, type DocumentChange } from '@parley/contracts';
import { request } from './http.ts';

/** The changes of a base's documents from now on, until the connection ends. What cannot be read is skipped. */
export async function* followDocuments(baseId: string, signal: AbortSignal): AsyncGenerator<DocumentChange[]> {
  const path = `/api/knowledge-bases/${encodeURIComponent(baseId)}/events`;
  const response = await request(path, { headers: { accept: 'text/event-stream' }, signal });
  if (response.body === null) return;
  const arrived: DocumentChange[] = [];
  const parser = createParser({ onEvent: ({ data }) => arrived.push(...toChange(data)) });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    // Said before the first change: from here on none is missed, so the rows may be read now.
    yield [];
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(chunk.value);
      if (arrived.length > 0) yield arrived.splice(0);
    }
  } finally {
    // Not awaited: a broken connection may never acknowledge, and nobody waits for it.
    void reader.cancel().catch(() => undefined);
  }
}

function toChange(data: string): DocumentChange[] {
  try {
    const parsed = documentChangeSchema.safeParse(JSON.parse(data));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
