import { waitUntil } from '@parley/service-kit/testing';
import { TEST_SECRET, type Call, type TestServer } from '../../testing/test-server.ts';

export interface Listed<Item> {
  data: Item[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}
export interface WireFile {
  id: string;
  filename: string;
  bytes: number;
}
export interface WireStore {
  id: string;
  name: string;
  metadata: unknown;
  file_counts: Record<string, number>;
}
export interface WireStoreFile {
  id: string;
  status: string;
  attributes: Record<string, unknown>;
  last_error: { code: string; message: string } | null;
}

/** Files and vector stores of a test's server, as a program would use them. */
export class V1Client {
  readonly #server: TestServer;
  readonly #token: string;

  constructor(server: TestServer, token = TEST_SECRET) {
    this.#server = server;
    this.#token = token;
  }

  /** The answer, whatever it is. */
  fetch(path: string, call: Call = {}): Promise<Response> {
    return this.#server.fetch(`/v1${path}`, { token: this.#token, ...call });
  }

  /** The JSON of an answer that must not be an error. */
  json<Value>(path: string, call: Call = {}): Promise<Value> {
    return this.#server.json(`/v1${path}`, { token: this.#token, ...call });
  }

  post<Value>(path: string, body: unknown): Promise<Value> {
    return this.json(path, { method: 'POST', body });
  }

  delete(path: string): Promise<Response> {
    return this.fetch(path, { method: 'DELETE' });
  }

  /** Sends a form. */
  form(form: FormData): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}` };
    return fetch(`${this.#server.address}/v1/files`, { method: 'POST', headers, body: form });
  }

  async upload(name: string, text: string): Promise<WireFile> {
    const response = await this.form(uploadForm(new File([text], name)));
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as WireFile;
  }

  async store(body: Record<string, unknown> = {}): Promise<WireStore> {
    return this.post('/vector_stores', body);
  }

  /** Adds an upload, and waits until it has come to an end. */
  async add(storeId: string, fileId: string, attributes: Record<string, unknown> = {}): Promise<WireStoreFile> {
    const path = `/vector_stores/${storeId}/files`;
    let file = await this.post<WireStoreFile>(path, { file_id: fileId, attributes });
    const isOver = async () => {
      file = await this.json(`${path}/${fileId}`);
      return file.status !== 'in_progress';
    };
    await waitUntil(isOver, 'the file is read', 30_000);
    return file;
  }
}

/** What an upload is made of. */
export function uploadForm(file: File | null, purpose: string | null = 'assistants'): FormData {
  const form = new FormData();
  if (file) form.set('file', file);
  if (purpose !== null) form.set('purpose', purpose);
  return form;
}
