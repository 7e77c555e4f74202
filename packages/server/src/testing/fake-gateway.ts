import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeTextModels } from './fake-text-models.ts';

/** How the fake answers one completion. */
export type GatewayReply = (response: ServerResponse, request: Record<string, unknown>) => void | Promise<void>;

export interface GatewayRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

/** A fake gateway: a real HTTP server that lists models and answers completions as a test says. */
export class FakeGateway {
  models: string[] = ['fake-model'];
  /** Taken one after the other; the last one stays. */
  replies: GatewayReply[] = [streamReply(['Hello', ' there', '.'])];
  /** Answers embedding and reranking requests; without it they are answered by `replies` like all others. */
  texts: FakeTextModels | null = null;
  readonly requests: GatewayRequest[] = [];
  #server: Server | null = null;
  #port = 0;

  /** The port stays the same after a stop, as a restarted gateway's does. */
  async start(): Promise<string> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => {
      this.#server?.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/v1/models') {
      const data = this.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'parley' }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    this.requests.push({ path: request.url ?? '', headers: request.headers, body });
    if (this.texts?.answer(request.url ?? '', body, response)) return;
    const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
    await reply?.(response, body);
  }
}

/** A whole stream of the OpenAI wire. */
export function streamReply(pieces: readonly string[]): GatewayReply {
  return (response, { model }) => {
    openStream(response);
    for (const content of pieces) writeChunk(response, { model, choices: [{ index: 0, delta: { content } }] });
    writeChunk(response, { model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    const usage = { prompt_tokens: 7, completion_tokens: pieces.length, total_tokens: 7 + pieces.length };
    writeChunk(response, { model, choices: [], usage });
    response.end('data: [DONE]\n\n');
  };
}

/** Pieces, and then the connection is cut. */
export function cutReply(pieces: readonly string[]): GatewayReply {
  return (response) => {
    openStream(response);
    for (const content of pieces) writeChunk(response, { choices: [{ index: 0, delta: { content } }] });
    // Destroyed once the pieces are on their way, or the reader would not see them.
    response.write('\n', () => response.destroy());
  };
}

/** An OpenAI error body. */
export function errorReply(status: number, code: string, message: string): GatewayReply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message, type: 'server_error', code } }));
  };
}

/** Pieces, then an error inside the stream, as a gateway sends it once the headers are out. */
export function failingReply(pieces: readonly string[], code: string, message: string): GatewayReply {
  return (response) => {
    openStream(response);
    for (const content of pieces) writeChunk(response, { choices: [{ index: 0, delta: { content } }] });
    writeChunk(response, { error: { message, type: 'server_error', code } });
    response.end();
  };
}

/** Pieces, and then nothing more until the reader leaves; tells when it did. */
export function stallingReply(pieces: readonly string[], onGone: () => void): GatewayReply {
  return (response) => {
    response.once('close', onGone);
    openStream(response);
    for (const content of pieces) writeChunk(response, { choices: [{ index: 0, delta: { content } }] });
  };
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function writeChunk(response: ServerResponse, chunk: unknown): void {
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
