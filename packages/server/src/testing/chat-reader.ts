import { fromChatFrame, type ChatEvent } from '@parley/contracts';
import { readEventStream } from '@parley/service-kit';

export interface ReadEvent {
  id: number | null;
  event: ChatEvent;
}

/** Reads an answer's stream as a client does; `leave` closes the connection. */
export class ChatReader {
  readonly seen: ReadEvent[] = [];
  readonly #events: AsyncGenerator<ReadEvent>;
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    this.#events = readFrames(response);
    this.#abort = abort;
  }

  /** Reads on until an event of this type; answers it. */
  async until<Type extends ChatEvent['type']>(type: Type): Promise<Extract<ChatEvent, { type: Type }>> {
    while (true) {
      const { value, done } = await this.#events.next();
      if (done) throw new Error(`The stream ended without ${type}: ${JSON.stringify(this.seen)}`);
      this.seen.push(value);
      if (value.event.type === type) return value.event as Extract<ChatEvent, { type: Type }>;
    }
  }

  /** Reads to the end; answers all that was seen. */
  async rest(): Promise<ChatEvent[]> {
    for await (const event of this.#events) this.seen.push(event);
    return this.seen.map(({ event }) => event);
  }

  /** The text so far. */
  get text(): string {
    return this.seen.map(({ event }) => (event.type === 'text-delta' ? event.text : '')).join('');
  }

  leave(): void {
    this.#abort.abort();
  }
}

async function* readFrames(response: Response): AsyncGenerator<ReadEvent> {
  if (!response.body) throw new Error('The response has no body.');
  for await (const frame of readEventStream(response.body as AsyncIterable<Uint8Array>)) {
    const event = fromChatFrame(frame);
    if (event) yield { id: frame.id === undefined ? null : Number(frame.id), event };
  }
}
