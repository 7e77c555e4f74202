import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BaseDocument, ChunkView, DocumentVersion, DocumentView } from '@parley/contracts';
import { KnowledgeServer } from '../knowledge/testing/knowledge-server.ts';

let server: KnowledgeServer;
let baseId: string;

beforeEach(async () => {
  server = await KnowledgeServer.start();
  await server.addUser('ada');
  ({ id: baseId } = await server.createBase('ada'));
});

afterEach(() => server.dispose());

interface Page {
  documents: BaseDocument[];
  next: string | null;
}

/** A document whose second version, of the same file, has this text. */
async function addDocument(text: string): Promise<BaseDocument> {
  const { id } = await server.upload('ada', baseId, { name: 'a.txt' });
  const { file_hash: hash } = await server.db
    .selectFrom('document_versions')
    .select('file_hash')
    .where('document_id', '=', id)
    .executeTakeFirstOrThrow();
  await server.ingestion.rows.version(id, text, hash);
  return server.json('ada', `/knowledge-bases/${baseId}/documents/${id}`);
}

const view = (id: string, query = '') => server.json<DocumentView>('ada', `/documents/${id}${query}`);

describe('the list of documents', () => {
  it('comes newest first, in pages that miss none and repeat none, while new ones arrive', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => ({
      id: `d${String(index).padStart(5, '0')}`,
      base_id: baseId,
      kind: 'file' as const,
      name: `${index}`,
      title: `${index}`,
      media_type: 'text/plain',
      source: null,
      size: 1,
      state: 'ready',
      percent: 100,
      error: null,
      is_enabled: 1,
      version_id: null,
      updated_at: 1,
      // Seven share each millisecond.
      created_at: Math.floor(index / 7),
    }));
    for (let from = 0; from < rows.length; from += 500) {
      await server.db
        .insertInto('documents')
        .values(rows.slice(from, from + 500))
        .execute();
    }
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const page: Page = await server.json('ada', `/knowledge-bases/${baseId}/documents?limit=200${after}`);
      seen.push(...page.documents.map(({ id }) => id));
      if (next === '') await server.upload('ada', baseId, { name: 'new.txt' });
      next = page.next;
    }
    expect(seen).toEqual(rows.map(({ id }) => id).toReversed());
    const base = await server.json('ada', `/knowledge-bases/${baseId}`);
    expect(base).toMatchObject({ documents: { ready: 2_001 } });
  });

  it('is read from an index, however many documents there are', async () => {
    const { sql, parameters } = server.db
      .selectFrom('documents')
      .selectAll()
      .where('base_id', '=', baseId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(50)
      .compile();
    const { rows } = await server.db.executeQuery(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]));
    expect(JSON.stringify(rows)).toContain('documents_by_age');
    expect(JSON.stringify(rows)).not.toContain('TEMP B-TREE');
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'after=nonsense', 'after=1.%27'])('refuses %s', async (query) => {
    const response = await server.fetch('ada', `/knowledge-bases/${baseId}/documents?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } });
  });

  it('says why a document failed', async () => {
    const { id } = await server.upload('ada', baseId, { name: 'a.pdf' });
    const error = { code: 'document_encrypted', message: 'It has a password.' };
    const state = { state: 'failed', error: JSON.stringify(error), percent: 20 };
    await server.db.updateTable('documents').set(state).where('id', '=', id).execute();
    const path = `/knowledge-bases/${baseId}/documents/${id}`;
    expect(await server.json('ada', path)).toMatchObject({ state: 'failed', error, percent: 20 });
  });
});

describe('the text of a document', () => {
  it('is answered whole, however long it is and wherever its parts are cut', async () => {
    const text = `"Quotes", back\\slashes,\ttabs\u0001 and 表情😀.\n${'甲乙丙😀 '.repeat(200_000)}`;
    const { id, version_id } = await addDocument(text);
    const document = await view(id);
    expect(document.text === text).toBe(true);
    expect(document).toMatchObject({ id, base_id: baseId, version_id, language: 'en', media_type: 'text/plain' });
    expect(document).toMatchObject({ pages: [{ number: 1, start: 0 }], has_file: true });
  });

  it('stays readable by version once there is a newer one', async () => {
    const { id, version_id: first } = await addDocument('First.');
    await server.json('ada', `/documents/${id}/text`, {
      method: 'PUT',
      body: { version_id: first, start: 0, end: 5, text: 'Second' },
    });
    expect(await view(id)).toMatchObject({ text: 'Second.', has_file: false });
    expect(await view(id, `?version=${first}`)).toMatchObject({ text: 'First.', has_file: true, version_id: first });
    const { versions } = await server.json<{ versions: DocumentVersion[] }>('ada', `/documents/${id}/versions`);
    expect(versions.map(({ number, is_edited }) => [number, is_edited])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    expect((await server.fetch('ada', `/documents/${id}?version=none`)).status).toBe(404);
  });

  it('shows nothing of a version that is still being written', async () => {
    const { id, version_id } = await addDocument('Whole.');
    const columns = { document_id: id, file_hash: null, title: 't', language: 'en', pages: '[]', flags: '[]' };
    const staged = { id: 'staged', number: 99, length: 4, created_at: 1, ...columns };
    await server.db.insertInto('document_versions').values(staged).execute();
    await server.db.updateTable('chunks').set({ version_id: 'staged' }).where('document_id', '=', id).execute();
    expect((await server.fetch('ada', `/documents/${id}?version=staged`)).status).toBe(404);
    const { versions } = await server.json<{ versions: DocumentVersion[] }>('ada', `/documents/${id}/versions`);
    expect(versions.map(({ number }) => number)).toEqual([2, 1]);
    expect(await server.json('ada', `/documents/${id}/chunks`)).toEqual({ version_id, chunks: [] });
    const path = `/knowledge-bases/${baseId}/documents/${id}`;
    expect(await server.json('ada', path)).toMatchObject({ version: 2, chunks: 0 });
  });

  it('is empty while there is none yet', async () => {
    const body = { url: 'https://example.com/a' };
    const { documents } = await server.json<Page>('ada', `/knowledge-bases/${baseId}/pages`, { method: 'POST', body });
    const { id } = documents[0]!;
    expect(await view(id)).toMatchObject({ text: '', version_id: null, has_file: false, pages: [] });
    expect(await server.json('ada', `/documents/${id}/chunks`)).toEqual({ version_id: null, chunks: [] });
    expect((await server.fetch('ada', `/documents/${id}/file`)).status).toBe(404);
  });

  it('is edited by one of two who opened the same version', async () => {
    const { id, version_id } = await addDocument('One two three.');
    const edit = (text: string) =>
      server.fetch('ada', `/documents/${id}/text`, { method: 'PUT', body: { version_id, start: 4, end: 7, text } });
    expect(await (await edit('2')).json()).toMatchObject({ id, version: 3 });
    const late = await edit('zwei');
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ error: { code: 'document_changed' } });
    expect(await view(id)).toMatchObject({ text: 'One 2 three.' });
    const backwards = { version_id, start: 7, end: 4, text: '' };
    const wrong = await server.fetch('ada', `/documents/${id}/text`, { method: 'PUT', body: backwards });
    expect(await wrong.json()).toMatchObject({ error: { code: 'invalid_request', param: 'end' } });
  });

  it('takes an edit of a million characters, which no other body may have', async () => {
    const { id, version_id } = await addDocument('x');
    const body = { version_id, start: 0, end: 1, text: '文'.repeat(1_000_000) };
    expect(await server.json('ada', `/documents/${id}/text`, { method: 'PUT', body })).toMatchObject({
      characters: 1_000_000,
    });
    const title = await server.fetch('ada', `/documents/${id}`, { method: 'PATCH', body: { title: body.text } });
    expect(title.status).toBe(413);
  });
});

describe('the passages of a document', () => {
  it('come in order, all of them, with the span that they have in its text', async () => {
    const lines = Array.from({ length: 1_203 }, (_, index) => `Line ${index} 行`);
    const text = lines.join('\n');
    const { id, version_id } = await addDocument(text);
    const list = await server.json<{ version_id: string; chunks: ChunkView[] }>('ada', `/documents/${id}/chunks`);
    expect(list.version_id).toBe(version_id);
    expect(list.chunks.map(({ start, end }) => text.slice(start, end))).toEqual(lines);
    expect(list.chunks[7]).toMatchObject({ ordinal: 7, page: 1, heading_path: ['Part'], flags: [], is_enabled: true });
    const path = `/chunks/${list.chunks[7]!.id}`;
    const off = await server.json('ada', path, { method: 'PATCH', body: { is_enabled: false } });
    expect(off).toEqual({ ...list.chunks[7], is_enabled: false });
  });
});

describe('the file of a document', () => {
  const fileOf = async (name: string, type: string) => {
    const { id } = await server.upload('ada', baseId, { name, type, content: '0123456789' });
    return (range?: string) => server.fetch('ada', `/documents/${id}/file`, range ? { headers: { range } } : {});
  };

  it.each([
    ['a.pdf', 'application/pdf', 'inline', 'application/pdf'],
    ['页面.html', 'text/html', 'attachment', 'application/octet-stream'],
    ['a"b;.svg', 'image/svg+xml', 'attachment', 'application/octet-stream'],
  ])('%s never runs as a page of Parley', async (name, type, disposition, answered) => {
    const response = await (await fileOf(name, type))();
    expect(await response.text()).toBe('0123456789');
    expect(response.headers.get('content-type')).toBe(answered);
    expect(response.headers.get('content-security-policy')).toBe('sandbox');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const header = response.headers.get('content-disposition')!;
    expect(header).toMatch(new RegExp(`^${disposition}; filename="[^"]*"; filename\\*=UTF-8''[\\w%.-]+$`));
    expect(decodeURIComponent(header.split("''")[1]!)).toBe(name);
  });

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 200, '0123456789', null],
    ['bytes=3-1', 200, '0123456789', null],
    ['bytes=-0', 200, '0123456789', null],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['lines=1', 200, '0123456789', null],
  ])('answers the range %s', async (range, status, text, contentRange) => {
    const response = await (await fileOf('a.pdf', 'application/pdf'))(range);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(text);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe(String(text.length));
  });
});

describe('a document', () => {
  it('is renamed, disabled, stopped and begun again by the ingestion alone', async () => {
    const { id } = await server.upload('ada', baseId, { name: 'a.txt' });
    server.ingestion.calls.length = 0;
    const body = { title: ' New ', is_enabled: false };
    expect(await server.json('ada', `/documents/${id}`, { method: 'PATCH', body })).toMatchObject({
      title: 'New',
      is_enabled: false,
      name: 'a.txt',
    });
    expect(await server.json('ada', `/documents/${id}/cancel`, { method: 'POST' })).toMatchObject({
      state: 'cancelled',
    });
    expect(await server.json('ada', `/documents/${id}/retry`, { method: 'POST' })).toMatchObject({ state: 'queued' });
    expect(server.ingestion.calls.map(([call]) => call)).toEqual([
      'setDocumentTitle',
      'setDocumentEnabled',
      'cancel',
      'retry',
    ]);
    const refreshed = await server.fetch('ada', `/documents/${id}/refresh`, { method: 'POST' });
    expect(refreshed.status).toBe(400);
  });

  it.each([
    ['HTTPS://Example.com:443/a b', 201, 'https://example.com/a%20b'],
    ['ftp://example.com/', 400, 'url_refused'],
    ['javascript:alert(1)', 400, 'url_refused'],
    ['file:///etc/passwd', 400, 'url_refused'],
    ['https://user:pass@example.com/', 400, 'url_refused'],
    ['example.com', 400, 'url_refused'],
    ['', 400, 'invalid_request'],
  ])('is made of the address %s: %i', async (url, status, wanted) => {
    const response = await server.fetch('ada', `/knowledge-bases/${baseId}/pages`, { method: 'POST', body: { url } });
    expect(response.status).toBe(status);
    const answer = (await response.json()) as { error: { code: string }; documents: BaseDocument[] };
    expect(status === 201 ? answer.documents[0]?.name : answer.error.code).toBe(wanted);
  });
});
