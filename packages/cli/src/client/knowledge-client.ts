import type { z } from 'zod';
import {
  addedDocumentsSchema,
  baseDocumentPageSchema,
  baseDocumentSchema,
  type createBaseRequestSchema,
  documentChangeSchema,
  evaluationSchema,
  indexReportSchema,
  knowledgeBaseListSchema,
  knowledgeBaseSchema,
  ParleyError,
  type addPagesRequestSchema,
  type BaseDocument,
  type DocumentChange,
  type Evaluation,
  type IndexReport,
  type KnowledgeBase,
  type KnowledgeBaseList,
} from '@parley/contracts';
import type { AppConnection } from './app-connection.ts';
import { readEvents } from './read-events.ts';

const ROOT = '/api/knowledge-bases';
const PAGE = 200;
/** What looks at a whole base takes as long as the base is large. */
const NO_CLOCK = { headersTimeoutMs: 0 };

/** The knowledge bases of a running system. Throws `ParleyError`. */
export class KnowledgeClient {
  readonly #connection: AppConnection;

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  list(): Promise<KnowledgeBaseList> {
    return this.#connection.read({ url: ROOT, method: 'GET' }, knowledgeBaseListSchema);
  }

  create(request: z.input<typeof createBaseRequestSchema>): Promise<KnowledgeBase> {
    return this.#connection.read({ url: ROOT, body: request }, knowledgeBaseSchema);
  }

  async remove(id: string): Promise<void> {
    const answer = await this.#connection.call({ url: toUrl(id), method: 'DELETE', ...NO_CLOCK });
    answer.body.resume();
  }

  verify(id: string): Promise<IndexReport> {
    return this.#connection.read({ url: toUrl(id, 'verify'), body: {}, ...NO_CLOCK }, indexReportSchema);
  }

  rebuild(id: string): Promise<IndexReport> {
    return this.#connection.read({ url: toUrl(id, 'rebuild'), body: {}, ...NO_CLOCK }, indexReportSchema);
  }

  evaluate(id: string, body: { tune?: boolean; dense_weight?: number }): Promise<Evaluation> {
    return this.#connection.read({ url: toUrl(id, 'evaluate'), body, ...NO_CLOCK }, evaluationSchema);
  }

  /** Answers as soon as the file is stored; the rest is a job. */
  upload(id: string, { name, file }: { name: string; file: Blob }): Promise<BaseDocument> {
    const url = toUrl(id, `documents?name=${encodeURIComponent(name)}`);
    return this.#connection.upload(url, file, baseDocumentSchema);
  }

  async addPages(id: string, request: z.input<typeof addPagesRequestSchema>): Promise<BaseDocument[]> {
    return (await this.#connection.read({ url: toUrl(id, 'pages'), body: request }, addedDocumentsSchema)).documents;
  }

  /** All documents, newest first. */
  async *documents(id: string): AsyncGenerator<BaseDocument> {
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const url = toUrl(id, `documents?limit=${PAGE}${query}`);
      const page = await this.#connection.read({ url, method: 'GET' }, baseDocumentPageSchema);
      yield* page.documents;
      after = page.next;
    }
  }

  /** Resolves once the changes of documents are followed: none from then on is missed. Ends with `signal`. */
  async follow(id: string, signal: AbortSignal): Promise<AsyncGenerator<DocumentChange>> {
    const answer = await this.#connection.call({ url: toUrl(id, 'events'), method: 'GET', signal });
    return readChanges(answer.body);
  }
}

async function* readChanges(body: AsyncIterable<Uint8Array>): AsyncGenerator<DocumentChange> {
  for await (const { event, data } of readEvents(body)) {
    const json: unknown = JSON.parse(data);
    if (event === 'error') throw ParleyError.fromBody(json, 'internal_error');
    yield documentChangeSchema.parse(json);
  }
}

function toUrl(id: string, rest?: string): string {
  const base = `${ROOT}/${encodeURIComponent(id)}`;
  return rest === undefined ? base : `${base}/${rest}`;
}
