import { createParser } from 'eventsource-parser';
import { fromChatFrame, type ChatEvent } from '@parley/contracts';

/** A chat event with the sequence number that a lost reader resumes after. */
export interface NumberedEvent {
  id: string | null;
  event: ChatEvent;
}

/** The chat events of a streamed answer, as they come in. Pings and events of newer servers are skipped. */
export async function* readEvents(response: Response): AsyncGenerator<NumberedEvent> {
  if (response.body === null) return;
  const arrived: NumberedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      const known = fromChatFrame({ event, data });
      if (known !== null) arrived.push({ id: id ?? null, event: known });
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(chunk.value);
      yield* arrived.splice(0);
    }
  } finally {
    // Not awaited: a broken connection may never acknowledge, and nobody waits for it.
    void reader.cancel().catch(() => undefined);
  }
}
