import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Resolves with the time at which the connection was closed before the answer was finished. */
  left: Promise<number>;
  hasLeft: boolean;
}

/** Answers one request; whatever it does with the response is what the gateway gets. */
export type Script = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/** A fake worker: a bare HTTP server that records requests and answers by script. */
export class FakeWorker {
  readonly requests: ReceivedRequest[] = [];
  script: Script = streamOf('Hello', ', world');
  readonly #server: Server;
  readonly #wakers: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(port = 0): Promise<FakeWorker> {
    const server = createServer({ keepAliveTimeout: 60_000 }).listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new FakeWorker(server);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The newest request, as soon as there are so many. */
  async request(count = 1): Promise<ReceivedRequest> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#wakers.push(resolve));
    return this.requests[count - 1] as ReceivedRequest;
  }

  /** Gone at once, with all connections. */
  kill(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { promise, resolve } = Promise.withResolvers<number>();
    const received = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      left: promise,
      hasLeft: false,
    };
    response.once('close', () => {
      if (response.writableFinished) return;
      received.hasLeft = true;
      resolve(performance.now());
    });
    this.requests.push(received);
    for (const wake of this.#wakers.splice(0)) wake();
    await this.script(response, received);
  }
}

const BASE = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

/** One event of a stream, with a piece of text. */
export function textEvent(content: string): string {
  return toEvent({ ...BASE, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
}
export const openingEvent = toEvent({
  ...BASE,
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
});
export const finishEvent = toEvent({ ...BASE, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
export const doneEvent = 'data: [DONE]\n\n';

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** A whole stream of these pieces. */
export function streamOf(...pieces: string[]): Script {
  return (response) => {
    openStream(response);
    response.end([openingEvent, ...pieces.map(textEvent), finishEvent, doneEvent].join(''));
  };
}

/** A whole answer of that text. */
export function wholeOf(content: string): Script {
  return (response) => {
    const message = { role: 'assistant', content };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    sendJson(response, 200, { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices });
  };
}

/** A list of embeddings in the form that was asked for: of each text, its length and its place. */
export const lengthsAsVectors: Script = (response, { body }) => {
  const { input, encoding_format, model } = JSON.parse(body.toString()) as Record<string, unknown>;
  const toWire = (vector: number[]) =>
    encoding_format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  const data = [input as string | string[]].flat().map((text, index) => {
    return { object: 'embedding', index, embedding: toWire([text.length, index]) };
  });
  sendJson(response, 200, { object: 'list', data, model, usage: { prompt_tokens: 3, total_tokens: 3 } });
};

/** The first pieces of a stream, and then nothing more. */
export function stallAfter(...events: string[]): Script {
  return (response) => {
    openStream(response);
    for (const event of events) response.write(event);
  };
}

/** The first pieces of a stream, and then the connection breaks. */
export function cutAfter(...events: string[]): Script {
  return (response) => {
    openStream(response);
    response.write(events.join(''), () => response.destroy());
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function toEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
