import type { EventSourceMessage } from 'eventsource-parser';
import { ParleyError } from '@parley/contracts';
import { readEventStream } from '@parley/service-kit';

/** The events of an answer's body. A server that dies under it is `stream_interrupted`, never the socket's own error. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  try {
    yield* readEventStream(body);
  } catch (cause) {
    throw new ParleyError('stream_interrupted', 'The connection to the server broke off.', { cause });
  }
}
