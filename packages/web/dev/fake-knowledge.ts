import type { ServerResponse } from 'node:http';
import { baseSettingsSchema, type BaseDocument, type DocumentChange, type KnowledgeBase } from '@parley/contracts';
import {
  bases,
  cutText,
  handbook,
  handbookDocuments,
  judgements,
  makeBase,
  makeDocument,
  makeSpace,
} from './fake-bases.ts';
import { fakeEvaluation, fakeTrace } from './fake-retrieval.ts';

export interface FakeCall {
  /** The parts of the path after `/api`. */
  path: string[];
  url: URL;
  method: string;
  body: Record<string, unknown>;
  raw: Buffer;
  response: ServerResponse;
}

const STEPS = ['queued', 'parsing', 'splitting', 'embedding', 'ready'] as const;
const STEP_MS = 900;

const isRunning = ({ state }: BaseDocument) => state !== 'ready' && (STEPS as readonly string[]).includes(state);

/** FAKE: knowledge bases in memory. A file with `bad` in its name fails; all others become ready in a few seconds. */
export class FakeKnowledge {
  readonly bases: KnowledgeBase[];
  readonly #documents = new Map<string, BaseDocument[]>();
  readonly #readers = new Set<{ baseId: string; response: ServerResponse }>();
  readonly #searches: object[] = [];
  #text = handbook;

  constructor(start: 'bases' | 'empty' = 'bases') {
    this.bases = start === 'empty' ? [] : structuredClone(bases);
    this.#documents.set('handbook', handbookDocuments('handbook'));
    const many = Array.from({ length: 5000 }, (_, index) => makeDocument('papers', { name: `paper-${index + 1}.pdf` }));
    this.#documents.set('papers', many);
  }

  /** Answers a call under `/api/knowledge-bases`, `/api/documents` or `/api/chunks`; undefined: not ours. */
  answer(call: FakeCall): unknown {
    const [what, id = ''] = call.path;
    if (what === 'chunks') return call.body;
    if (what === 'documents') return this.#document(call);
    if (id === '')
      return call.method === 'POST'
        ? this.#create(call.body)
        : { bases: this.bases.filter(({ kind }) => kind === 'base').map(this.#counted) };
    if (id === 'search') return this.#search(call.body);
    if (id === 'preview') {
      const { max_tokens: most } = baseSettingsSchema.parse({ split: call.body['split'] }).split;
      return { chunks: cutText(String(call.body['text']), most) };
    }
    if (id === 'preview-file') return { title: 'Sample', text: call.raw.toString(), flags: [] };
    return this.#base(call, id);
  }

  #base(call: FakeCall, id: string): unknown {
    const base = this.bases.find((one) => one.id === id);
    const [, , part = '', partId = ''] = call.path;
    if (!base) return undefined;
    const documents = this.#of(id);
    const parts: Record<string, () => unknown> = {
      '': () => this.#own(call, base),
      documents: () => (partId ? documents.find((one) => one.id === partId) : this.#listed(call, documents)),
      pages: () => ({ documents: [this.#take(id, { name: String(call.body['url']), kind: 'page' })] }),
      events: () => this.#follow(call, id),
      searches: () => ({ searches: this.#searches }),
      judgements: () => this.#judgements(call, partId),
      evaluate: () => fakeEvaluation(base, call.body['tune'] === true),
      sharing: () =>
        call.method === 'PUT' ? call.body : { visibility: base.visibility, users: [{ name: 'Grace', role: 'editor' }] },
      verify: () => report(['chunk-1', 'chunk-2']),
      rebuild: () => report([]),
      'embedding-model': () => null,
      spaces: () => null,
    };
    return parts[part]?.();
  }

  /** The base of the files of a conversation; made when there is none. */
  filesBase(id: string): KnowledgeBase {
    const known = this.bases.find((base) => base.id === id);
    if (known) return known;
    const base: KnowledgeBase = { ...makeBase(), id, name: 'Files', kind: 'conversation' };
    this.bases.push(base);
    return base;
  }

  #own({ method, body }: FakeCall, base: KnowledgeBase): unknown {
    if (method === 'DELETE') this.bases.splice(this.bases.indexOf(base), 1);
    if (method === 'PATCH') {
      const { settings, ...rest } = body;
      Object.assign(base, rest);
      Object.assign(base.settings, settings);
    }
    return method === 'DELETE' ? null : this.#counted(base);
  }

  readonly #counted = (base: KnowledgeBase): KnowledgeBase => {
    const documents = this.#documents.get(base.id);
    if (!documents) return base;
    const ready = documents.filter(({ state }) => state === 'ready').length;
    const running = documents.filter(isRunning).length;
    return { ...base, documents: { ready, running, failed: documents.length - ready - running } };
  };

  #create(body: Record<string, unknown>): KnowledgeBase {
    const model = body['embedding_model'];
    const base: KnowledgeBase = {
      ...makeBase(),
      id: `base-${this.bases.length}`,
      name: String(body['name']),
      description: String(body['description']),
      settings: baseSettingsSchema.parse(body['settings']),
      documents: { ready: 0, running: 0, failed: 0 },
      chunks: 0,
      spaces: typeof model === 'string' ? [makeSpace(model)] : [],
    };
    this.bases.push(base);
    return base;
  }

  #listed({ method, url }: FakeCall, documents: BaseDocument[]): unknown {
    if (method === 'POST')
      return this.#take(url.pathname.split('/')[3] ?? '', { name: url.searchParams.get('name') ?? '' });
    const start = Number(url.searchParams.get('after') ?? 0);
    const end = start + Number(url.searchParams.get('limit') ?? 100);
    return { documents: documents.slice(start, end), next: end < documents.length ? String(end) : null };
  }

  #take(baseId: string, part: Partial<BaseDocument> & { name: string }): BaseDocument {
    const time = Date.now();
    const begun = {
      state: 'queued',
      percent: 0,
      version_id: null,
      chunks: 0,
      created_at: time,
      updated_at: time,
    } as const;
    const document = makeDocument(baseId, { ...begun, ...part });
    this.#of(baseId).unshift(document);
    this.#step(document, 1);
    return document;
  }

  #step(document: BaseDocument, step: number): void {
    setTimeout(() => {
      const isBad = document.name.includes('bad') && step === 2;
      const state = isBad ? 'failed' : (STEPS[step] ?? 'ready');
      const error = isBad ? ({ code: 'document_empty', message: 'The file has no text.' } as const) : null;
      Object.assign(document, { state, error, percent: step * 25, updated_at: Date.now() });
      if (state === 'ready') Object.assign(document, { version_id: `${document.id}-v1`, version: 1, chunks: 12 });
      this.#tell(document.base_id, document);
      if (!isBad && step < STEPS.length - 1) this.#step(document, step + 1);
    }, STEP_MS);
  }

  #document({ path, method, body }: FakeCall): unknown {
    const [, id = '', part = ''] = path;
    const document = [...this.#documents.values()].flat().find((one) => one.id === id);
    if (!document) return undefined;
    if (part === 'chunks') return { version_id: document.version_id, chunks: cutText(this.#text, 350) };
    if (part === 'versions') return { versions: [version(document, 2), version(document, 1)] };
    return method === 'GET' ? this.#view(document) : this.#change(document, { part, method, body });
  }

  #change(
    document: BaseDocument,
    { part, method, body }: Pick<FakeCall, 'method' | 'body'> & { part: string },
  ): unknown {
    if (part === 'text') {
      this.#text =
        this.#text.slice(0, Number(body['start'])) + String(body['text']) + this.#text.slice(Number(body['end']));
      return null;
    }
    if (method === 'DELETE') return this.#remove(document);
    if (part === 'cancel') Object.assign(document, { state: 'cancelled' });
    if (part === 'retry' || part === 'refresh')
      this.#step(Object.assign(document, { state: 'queued', error: null }), 1);
    if (method === 'PATCH') Object.assign(document, body);
    document.updated_at = Date.now();
    this.#tell(document.base_id, document);
    return document;
  }

  #view({ id, base_id, version_id, title, media_type }: BaseDocument): object {
    const third = this.#text.indexOf('## Being');
    const pages = [
      { number: 1, start: 0 },
      { number: 2, start: Math.max(1, third) },
    ];
    return { id, base_id, version_id, title, media_type, language: 'en', pages, has_file: true, text: this.#text };
  }

  #remove(document: BaseDocument): null {
    const documents = this.#of(document.base_id);
    documents.splice(documents.indexOf(document), 1);
    this.#tell(document.base_id, { id: document.id, removed: true });
    return null;
  }

  #search(body: Record<string, unknown>): object {
    const query = String(body['query']);
    const passages = cutText(this.#text, 350).map((chunk) => ({
      ...chunk,
      text: this.#text.slice(chunk.start, chunk.end),
    }));
    const [document = makeDocument('handbook', { name: 'nothing.md' })] = this.#of('handbook');
    const trace = fakeTrace(query, document, passages);
    const past = {
      id: `s${this.#searches.length}`,
      query,
      hits: trace.hits.length,
      total_ms: 48,
      created_at: Date.now(),
    };
    this.#searches.unshift(past);
    return trace;
  }

  #judgements({ method, body }: FakeCall, id: string): unknown {
    if (method === 'GET') return { judgements };
    if (method === 'DELETE') {
      judgements.splice(
        judgements.findIndex((one) => one.id === id),
        1,
      );
      return null;
    }
    const made = { ...body, id: `j${Date.now()}`, origin: 'pin', created_at: Date.now() };
    judgements.unshift(made as (typeof judgements)[number]);
    return made;
  }

  #follow({ response }: FakeCall, baseId: string): typeof STREAMED {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    const reader = { baseId, response };
    this.#readers.add(reader);
    response.on('close', () => this.#readers.delete(reader));
    return STREAMED;
  }

  #tell(baseId: string, change: DocumentChange): void {
    for (const reader of this.#readers) {
      if (reader.baseId === baseId) reader.response.write(`data: ${JSON.stringify(change)}\n\n`);
    }
  }

  #of(baseId: string): BaseDocument[] {
    const known = this.#documents.get(baseId) ?? [];
    this.#documents.set(baseId, known);
    return known;
  }
}

/** The answer of a route that goes on writing by itself. */
export const STREAMED = Symbol('streamed');

function version({ id, characters }: BaseDocument, number: number): object {
  return { id: `${id}-v${number}`, number, characters, is_edited: number === 2, created_at: Date.now() - 86_400_000 };
}

function report(missing: string[]): object {
  const vectors = { expected: 4210, found: 4210 - missing.length };
  return { documents: 82, chunks: 4210, missing, surplus: [], vectors, agrees: missing.length === 0 };
}
