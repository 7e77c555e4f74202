import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playAnswer, type VendorAnswer, type VendorRequest } from './vendor-answer.ts';
import { refuseTooMany } from './vendor-texts.ts';
import { WIRE_NAMES, WIRES, type WireName } from './vendor-wires/index.ts';

type Script = VendorAnswer | ((request: VendorRequest) => VendorAnswer);

export interface FakeVendor {
  /** `base_url` for the engine `openai-compatible`. */
  openaiUrl: string;
  /** `base_url` for the engine `zhipu`. */
  zhipuUrl: string;
  /** `base_url` for the engine `anthropic`. */
  anthropicUrl: string;
  /** `base_url` for the engine `gemini`. */
  geminiUrl: string;
  /** Keys of the vendors' real forms. */
  openaiKey: string;
  zhipuKey: string;
  anthropicKey: string;
  geminiKey: string;
  /** All requests with an accepted key, oldest first. */
  requests: readonly VendorRequest[];
  /** Connections opened so far. */
  connections: () => number;
  /** Scripts for the next requests, one each. */
  answer(...scripts: Script[]): void;
  /** For every request that has no script of its own. */
  answerAlways(script: Script): void;
  /** The request with this number, 0 first, as soon as it is there. */
  request(number: number): Promise<VendorRequest>;
  close(): Promise<void>;
}

export interface FakeVendorOptions {
  /** 0 takes a free one. */
  port?: number;
  /** The most texts in one embedding or reranking request; more are refused, as vendors do. */
  maxTexts?: number;
}

/**
 * A fake of OpenAI's, Zhipu's, Anthropic's and Google's APIs on a real socket: it speaks their
 * documented wire, checks their keys, and says what its script says. Without a script a chat is
 * answered 500; a list of models holds those of the presets; texts get the fake's own vectors and
 * scores, which are real in one way: texts that share words are near to each other.
 */
export async function startFakeVendor({ port = 0, maxTexts }: FakeVendorOptions = {}): Promise<FakeVendor> {
  const vendor = new Vendor(maxTexts);
  const server = createServer((request, response) => {
    vendor.handle(request, response).catch(() => response.destroy());
  });
  let connections = 0;
  server.on('connection', () => (connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    openaiUrl: origin + WIRES.openai.prefix,
    zhipuUrl: origin + WIRES.zhipu.prefix,
    anthropicUrl: origin + WIRES.anthropic.prefix,
    geminiUrl: origin + WIRES.gemini.prefix,
    openaiKey: WIRES.openai.key,
    zhipuKey: WIRES.zhipu.key,
    anthropicKey: WIRES.anthropic.key,
    geminiKey: WIRES.gemini.key,
    requests: vendor.requests,
    connections: () => connections,
    answer: (...scripts) => void vendor.scripts.push(...scripts),
    answerAlways: (script) => (vendor.standing = script),
    request: (number) => vendor.request(number),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const UNSCRIPTED: VendorAnswer = {
  status: 500,
  body: { error: { message: 'fake vendor: no script for this request' } },
};

class Vendor {
  readonly requests: VendorRequest[] = [];
  readonly scripts: Script[] = [];
  standing: Script | null = null;
  readonly #maxTexts: number | undefined;
  readonly #waiting: { number: number; resolve: (request: VendorRequest) => void }[] = [];

  constructor(maxTexts: number | undefined) {
    this.#maxTexts = maxTexts;
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? '';
    const wire = wireOf(path);
    const text = await readText(incoming);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const { headers } = incoming;
    const request: VendorRequest = { wire, door: doorOf(path), path, headers, body, aborted: abortOf(response) };
    const refusal = await WIRES[wire].refuseKey(headers);
    if (refusal) {
      await playAnswer(refusal, request, response);
      return;
    }
    this.#record(request);
    const script = this.#nextScript(request);
    await playAnswer(typeof script === 'function' ? script(request) : script, request, response);
  }

  // A vendor that chats and embeds has its own scripts for each.
  #nextScript(request: VendorRequest): Script {
    const place = this.scripts.findIndex((script) => fits(script, request));
    if (place !== -1) return this.scripts.splice(place, 1)[0] ?? UNSCRIPTED;
    if (this.standing !== null && fits(this.standing, request)) return this.standing;
    if (request.door === 'chat') return UNSCRIPTED;
    if (request.door === 'models')
      return WIRES[request.wire].listModels(new URL(request.path, 'http://fake').searchParams);
    return refuseTooMany(request, this.#maxTexts) ?? { texts: 'honest' };
  }

  request(number: number): Promise<VendorRequest> {
    const known = this.requests[number];
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.push({ number, resolve }));
  }

  #record(request: VendorRequest): void {
    const number = this.requests.push(request) - 1;
    for (const waiter of this.#waiting) if (waiter.number === number) waiter.resolve(request);
  }
}

function fits(script: Script, { door }: VendorRequest): boolean {
  if (door === 'models') return typeof script !== 'function' && 'status' in script;
  if (typeof script === 'function') return true;
  return door === 'chat' ? !('texts' in script) : !('pieces' in script || 'stream' in script);
}

function wireOf(path: string): WireName {
  return WIRE_NAMES.find((name) => path.startsWith(`${WIRES[name].prefix}/`)) ?? 'openai';
}

function doorOf(url: string): VendorRequest['door'] {
  const path = url.replace(/\?.*$/, '');
  if (path.endsWith('/models')) return 'models';
  if (path.endsWith('/embeddings') || path.endsWith(':batchEmbedContents')) return 'embeddings';
  return path.endsWith('/rerank') ? 'rerank' : 'chat';
}

function abortOf(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of incoming.setEncoding('utf8')) text += part;
  return text;
}
