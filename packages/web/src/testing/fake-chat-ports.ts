import type { ChatEvent, ChatRequest } from '@parley/contracts';
import type { NumberedEvent } from '../api/read-events.ts';
import type { ChatStreamPorts } from '../composables/use-chat-stream.ts';

/** FAKE connection: a script of events, ended by a clean close, a broken connection, or an answered error. */
export interface FakeConnection {
  events: { id: string; event: ChatEvent }[];
  failure?: Error;
}

/** FAKE server for the chat stream: hands out scripted connections in order and records what was asked. */
export class FakeChatPorts implements ChatStreamPorts {
  readonly asked: ChatRequest[] = [];
  readonly regenerated: { messageId: string; model: string | null }[] = [];
  readonly followed: { messageId: string; lastEventId: string | null }[] = [];
  readonly stopped: string[] = [];
  readonly waits: number[] = [];
  readonly #connections: FakeConnection[];

  constructor(connections: FakeConnection[]) {
    this.#connections = connections;
  }

  ask = (body: ChatRequest): AsyncIterable<NumberedEvent> => {
    this.asked.push(body);
    return this.#connect();
  };

  regenerate = (messageId: string, model: string | null): AsyncIterable<NumberedEvent> => {
    this.regenerated.push({ messageId, model });
    return this.#connect();
  };

  follow = (messageId: string, lastEventId: string | null): AsyncIterable<NumberedEvent> => {
    this.followed.push({ messageId, lastEventId });
    return this.#connect();
  };

  stop = (messageId: string): Promise<void> => {
    this.stopped.push(messageId);
    return Promise.resolve();
  };

  wait = (milliseconds: number): Promise<void> => {
    this.waits.push(milliseconds);
    return Promise.resolve();
  };

  nextFrame = (callback: () => void): void => queueMicrotask(callback);
  now = (): number => 0;

  async *#connect(): AsyncGenerator<NumberedEvent> {
    const connection = this.#connections.shift();
    if (connection === undefined) throw new Error('no connection was scripted for this');
    yield* connection.events;
    if (connection.failure) throw connection.failure;
  }
}

const begin = { conversation_id: 'c1', user_message_id: 'q1', model: 'guide' };
const timings = { first_token_ms: 10, total_ms: 20 };

/** The events of an answer with these pieces of text, numbered from 1. */
export function answerEvents(messageId: string, ...pieces: string[]): FakeConnection['events'] {
  const id = { message_id: messageId };
  const events: ChatEvent[] = [
    { type: 'start', ...id, ...begin },
    ...pieces.map((text): ChatEvent => ({ type: 'text-delta', ...id, text })),
    { type: 'done', ...id, status: 'complete', finish_reason: 'stop', usage: null, timings },
  ];
  return events.map((event, index) => ({ id: String(index + 1), event }));
}
