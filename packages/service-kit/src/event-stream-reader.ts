import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Largest single SSE message in UTF-16 units; a server that sends more is broken or hostile. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Reads SSE messages from a byte stream, whatever way its chunks are cut. Ends with the stream;
 * throws what the stream throws. Leaving the loop early destroys a Node stream.
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: (event) => ready.push(event), maxBufferSize: MAX_EVENT_LENGTH });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}
