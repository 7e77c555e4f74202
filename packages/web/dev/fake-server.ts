import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { toChatFrame, type Conversation, type Message, type RetrievalTrace } from '@parley/contracts';
import { FakeChat } from './fake-chat.ts';
import { groundedTrace, PDF_ID, pdfDocument, pdfFile } from './fake-grounds.ts';
import { FakeKnowledge, STREAMED, type FakeCall } from './fake-knowledge.ts';
import { FakeModels } from './fake-models.ts';
import { documents, models } from './fake-texts.ts';

export interface FakeServerOptions {
  /** What the sign-in page is offered at first. */
  signIn?: 'set-up' | 'one-click' | 'password' | 'signed-in';
  /** The built page; without it only the API answers. */
  webRoot?: string;
  /** The Content-Security-Policy of the page. */
  csp?: string;
  models?: typeof models;
  /** Whether there are knowledge bases already. */
  knowledge?: 'bases' | 'empty';
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** FAKE: speaks the app API for drawing and trying the page without a server. Nothing is stored or checked. */
export class FakeServer {
  readonly chat = new FakeChat();
  readonly knowledge: FakeKnowledge;
  readonly modelAdmin = new FakeModels();
  readonly http: Server;
  readonly #options: FakeServerOptions;
  #isSignedIn: boolean;
  #hasPassword: boolean;

  constructor(options: FakeServerOptions = {}) {
    this.#options = options;
    this.knowledge = new FakeKnowledge(options.knowledge);
    this.#isSignedIn = (options.signIn ?? 'signed-in') === 'signed-in';
    this.#hasPassword = options.signIn === 'password';
    this.http = createServer((request, response) => void this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, first, what = '', id = '', action = ''] = url.pathname.split('/');
    if (first !== 'api') return this.#page(url.pathname, response);
    const { body, raw } = await readBody(request);
    const call = { url, id, action, method: request.method ?? 'GET', body, response };
    const know = () => this.#know({ ...call, raw, path: url.pathname.split('/').slice(2).map(decodeURIComponent) });
    const routes: Record<string, () => void> = {
      session: () => this.#session(call),
      'model-admin': () => this.#administer(call),
      models: () => json(response, { models: this.#options.models ?? models }),
      documents: () => (id === PDF_ID ? this.#pdf(call) : id.startsWith('guide-') ? this.#guide(call) : know()),
      'knowledge-bases': know,
      chunks: know,
      conversations: () => this.#conversations(call),
      chat: () => this.#ask(call.body, response),
      messages: () => this.#message(request, call),
    };
    (routes[what] ?? (() => json(response, {}, 404)))();
  }

  #know(call: FakeCall): void {
    const answer = this.knowledge.answer(call);
    if (answer === undefined) {
      const error = { code: 'knowledge_base_not_found', message: 'There is no such base.', type: 'x', param: null };
      return json(call.response, { error }, 404);
    }
    if (answer !== STREAMED) json(call.response, answer);
  }

  #administer({ url, method, body, response }: Call): void {
    const path = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const answer = this.modelAdmin.answer(method, path, body);
    if (answer === undefined) return json(response, {}, 404);
    json(response, answer, method === 'POST' ? 201 : 200);
  }

  #guide({ id, response }: Call): void {
    json(
      response,
      documents.find((one) => one.id === id),
    );
  }

  #pdf({ action, response }: Call): void {
    if (action !== 'file') return json(response, pdfDocument);
    const file = pdfFile();
    const headers = { 'content-type': 'application/pdf', 'content-length': file.length, 'accept-ranges': 'bytes' };
    response.writeHead(200, headers).end(file);
  }

  #session({ method, id, response }: Call): void {
    if (id === 'password') {
      this.#hasPassword = true;
      return void response.writeHead(204).end();
    }
    if (method === 'POST') this.#isSignedIn = true;
    if (method === 'DELETE') this.#isSignedIn = false;
    const wanted = this.#options.signIn ?? 'one-click';
    const account = this.#isSignedIn ? { id: 'u', name: 'Ada', role: 'owner', has_password: this.#hasPassword } : null;
    json(response, {
      account,
      sign_in: wanted === 'signed-in' ? 'one-click' : wanted,
      is_loopback_only: wanted !== 'password',
    });
  }

  #conversations(call: Call): void {
    const { method, url, id, action, body, response } = call;
    const all = this.chat.conversations;
    const found = all.findIndex((conversation) => conversation.id === id);
    if (action === 'messages')
      return json(response, { messages: this.chat.messages.filter((message) => message.conversation_id === id) });
    if (id === '' && method === 'POST') return json(response, this.chat.create(''), 201);
    const known = all[found];
    if (id !== '' && ['GET', 'POST'].includes(method)) return this.#conversation(known, call);
    if (method === 'DELETE') all.splice(found, 1);
    if (method === 'PATCH') return json(response, Object.assign(all[found] ?? {}, { title: body['title'] }));
    const start = Number(url.searchParams.get('before') ?? 0);
    const end = start + Number(url.searchParams.get('limit') ?? 40);
    json(response, { conversations: all.slice(start, end), next: end < all.length ? String(end) : null });
  }

  #conversation(known: Conversation | undefined, { action, response }: Call): void {
    if (known === undefined) return json(response, {}, 404);
    if (action !== 'files-base') return json(response, known);
    known.files_base_id = `files-of-${known.id}`;
    json(response, this.knowledge.filesBase(known.files_base_id));
  }

  #ask(body: Record<string, unknown>, response: ServerResponse): void {
    const query = String(body['query']);
    if (query.includes('early')) {
      const message = 'No worker serves parley-guide; it may be restarting.';
      return json(
        response,
        { error: { code: 'no_worker_for_model', message, type: 'server_error', param: null } },
        503,
      );
    }
    const answer = this.chat.ask(query, {
      conversationId: (body['conversation_id'] as string | undefined) || null,
      parentId: (body['parent_id'] as string | undefined) ?? null,
      bases: (body['knowledge_bases'] as string[] | undefined) ?? null,
    });
    void this.#stream(answer.id, 0, response, query.includes('cut') ? 40 : Infinity);
  }

  #message(request: IncomingMessage, { id, action, body, response }: Call): void {
    const message = this.chat.messages.find((one) => one.id === id);
    const question = this.chat.messages.find((one) => one.id === message?.parent_id);
    if (action === 'trace') return json(response, { trace: traceOf(message, question) });
    if (action === 'feedback' && message) message.feedback = body['score'] as 1 | -1 | null;
    if (action === 'stop') this.chat.stop(id);
    if (action === 'regenerate' && question) return void this.#stream(this.chat.answer(question).id, 0, response);
    if (action === 'events') return void this.#stream(id, Number(request.headers['last-event-id'] ?? 0), response);
    json(response, {});
  }

  async #stream(...[id, after, response, most = Infinity]: [string, number, ServerResponse, number?]): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for await (const { id: number, event } of this.chat.follow(id, after)) {
      if (number > most) return void response.destroy();
      const frame = toChatFrame(event);
      response.write(`id: ${number}\n${frame.event ? `event: ${frame.event}\n` : ''}data: ${frame.data}\n\n`);
    }
    response.end();
  }

  async #page(path: string, response: ServerResponse): Promise<void> {
    const root = this.#options.webRoot ?? '';
    const name = extname(path) === '' ? '/index.html' : path;
    try {
      const file = await readFile(join(root, name));
      response.writeHead(200, {
        'content-type': `${TYPES[extname(name)] ?? 'text/plain'}; charset=utf-8`,
        'content-security-policy': this.#options.csp ?? "default-src 'self'",
      });
      response.end(file);
    } catch {
      response.writeHead(404).end();
    }
  }
}

interface Call {
  url: URL;
  id: string;
  action: string;
  method: string;
  body: Record<string, unknown>;
  response: ServerResponse;
}

function traceOf(answer?: Message, question?: Message): RetrievalTrace | null {
  const words = question?.content ?? '';
  const isGrounded = answer?.sources.some((source) => source.base_id !== null) ?? false;
  return isGrounded || words.includes('nothing') ? groundedTrace(words) : null;
}

async function readBody(request: IncomingMessage): Promise<{ body: Record<string, unknown>; raw: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const isFile = /preview-file|documents\?name/.test(request.url ?? '');
  const body = raw.length === 0 || isFile ? {} : (JSON.parse(raw.toString()) as Record<string, unknown>);
  return { body, raw };
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
