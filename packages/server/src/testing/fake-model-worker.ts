import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ParleyError, type ErrorCode, type UpstreamModels } from '@parley/contracts';

/** The FAKE vendor behind fake workers: what it serves, and with which key. */
export class FakeVendor {
  /** Null: it asks for none. */
  key: string | null = null;
  models: UpstreamModels['models'] = [];
  /** What the list is refused with; null: it is answered. */
  listRefusal: ErrorCode | null = null;
  /** Fewer tokens are refused, as models that think do. */
  leastTokens = 1;
  /** Names that it was asked for, in order. */
  readonly asked: string[] = [];

  /** It lists one more model, of which it says nothing but the name. */
  serve(id: string, purpose: 'chat' | 'embedding' | 'rerank' | null = null): void {
    this.models.push({ id, label: null, purpose, context_length: null, capabilities: {} });
  }
}

type Body = Record<string, unknown>;

/** A FAKE worker on a real port: says of itself what a worker says, and answers for the fake vendor. */
export class FakeModelWorker {
  readonly settings: Record<string, unknown>;
  readonly #vendor: FakeVendor;
  readonly #secret: string;
  #server: Server | null = null;

  constructor(settings: Record<string, unknown>, { vendor, secret }: { vendor: FakeVendor; secret: string }) {
    this.settings = settings;
    this.#vendor = vendor;
    this.#secret = secret;
  }

  async start(): Promise<string> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => {
      this.#server?.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const text = Buffer.concat(chunks).toString();
    try {
      if (request.headers.authorization !== `Bearer ${this.#secret}`) {
        throw new ParleyError('invalid_api_key', 'This worker answers only with the secret of its installation.');
      }
      this.#route(request.url ?? '', text === '' ? {} : (JSON.parse(text) as Body), response);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      sendJson(response, error.toBody(), error.status);
    }
  }

  #route(path: string, body: Body, response: ServerResponse): void {
    const facts = { running: 2, waiting: 1, tokens_per_second: 12.5, gpu_memory_bytes: 0 };
    const context_length = this.settings['context_length'] ?? null;
    if (path === '/worker/status')
      return sendJson(response, { model_names: [this.settings['name']], context_length, ...facts });
    if (path === '/worker/upstream-models') return this.#list(response);
    this.#askVendor(body);
    const answers: Record<string, () => void> = {
      '/v1/chat/completions': () => (body['stream'] === true ? stream(response) : sendJson(response, WHOLE)),
      '/v1/embeddings': () => sendJson(response, { data: [{ index: 0, embedding: [0.6, 0.8, 0] }] }),
      '/v1/rerank': () => sendJson(response, { results: [{ index: 1, relevance_score: 0.9 }] }),
    };
    const answer = answers[path];
    if (!answer) throw new ParleyError('not_found', `There is nothing at ${path}.`);
    answer();
  }

  #list(response: ServerResponse): void {
    this.#checkKey();
    const { listRefusal: refusal, models } = this.#vendor;
    if (refusal) throw new ParleyError(refusal, 'The vendor does not list its models.');
    sendJson(response, { models });
  }

  #askVendor(body: Body): void {
    if (this.settings['engine'] === 'llama-cpp') return;
    this.#checkKey();
    const upstream = String(this.settings['upstream_model'] ?? this.settings['name']);
    this.#vendor.asked.push(upstream);
    const { models, leastTokens } = this.#vendor;
    if (!models.some(({ id }) => id === upstream)) {
      throw new ParleyError('model_not_found', `The vendor says: the model ${upstream} does not exist.`);
    }
    if (Number(body['max_tokens'] ?? leastTokens) < leastTokens) {
      throw new ParleyError('invalid_request', 'The vendor says: max_tokens or model output limit was reached.');
    }
  }

  // Some vendors repeat the whole key in their refusal.
  #checkKey(): void {
    const { key } = this.#vendor;
    const given = (this.settings['api_key'] as string | undefined) ?? null;
    if (key === null || given === key) return;
    throw new ParleyError('provider_key_refused', `The vendor says: incorrect API key provided: ${given}.`);
  }
}

const WHOLE = { choices: [{ index: 0, message: { role: 'assistant', content: 'H' }, finish_reason: 'length' }] };

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
  const chunks = [
    ...['Hello', ' there', '.'].map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage },
  ];
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
