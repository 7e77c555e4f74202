import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, type BaseDocument } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { KnowledgeServer } from '../knowledge/testing/knowledge-server.ts';

let server: KnowledgeServer;
let baseId: string;

beforeEach(async () => {
  server = await KnowledgeServer.start();
  await server.addUser('ada');
  await server.addUser('eve');
  ({ id: baseId } = await server.createBase('ada'));
});

afterEach(() => server.dispose());

const pathOf = (name: string) => `/knowledge-bases/${baseId}/documents?name=${encodeURIComponent(name)}`;
const stored = () => readdirSync(join(server.home, 'files'));
const documents = async () =>
  (await server.json<{ documents: BaseDocument[] }>('ada', `/knowledge-bases/${baseId}/documents`)).documents;

/** A request by hand, whose body can break off or lie about its length. */
function open(name: string, headers: string[], user = 'ada') {
  const { port } = new URL(server.address);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (piece) => (answer += piece.toString()));
  socket.on('error', () => undefined);
  const head = [`POST /api${pathOf(name)} HTTP/1.1`, 'host: 127.0.0.1', `authorization: Bearer ${user}`, ...headers];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return { socket, answer: () => answer };
}

describe('an upload', () => {
  it('is the file itself, of any media type and length, and is answered with its document', async () => {
    const content = 'Words, 词语.\n'.repeat(50_000);
    const type = 'Application/JSON; charset=utf-8';
    const document = await server.upload('ada', baseId, { name: 'a.json', content, type });
    expect(document).toMatchObject({
      base_id: baseId,
      name: 'a.json',
      title: 'a.json',
      kind: 'file',
      media_type: 'application/json',
      state: 'ready',
      size: Buffer.byteLength(content),
      version: 1,
      is_enabled: true,
      error: null,
    });
    const file = await server.fetch('ada', `/documents/${document.id}/file`);
    expect(await file.text()).toBe(content);
  });

  it('may be empty, and come in pieces of no announced length', async () => {
    const empty = await server.fetch('ada', pathOf('empty.txt'), { method: 'POST' });
    expect(empty.status).toBe(201);
    expect(await empty.json()).toMatchObject({ size: 0, media_type: 'application/octet-stream' });
    const body = new ReadableStream({
      start(controller) {
        for (const piece of ['a', 'b', 'c']) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const pieces = await server.fetch('ada', pathOf('pieces.txt'), { method: 'POST', body });
    expect(await pieces.json()).toMatchObject({ size: 3 });
  });

  it('makes one document of one name, also when two tabs send it at once', async () => {
    const tabs = ['one', 'two', 'three'].map((content) => server.upload('ada', baseId, { name: 'same.txt', content }));
    const ids = (await Promise.all(tabs)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect(await documents()).toMatchObject([{ name: 'same.txt', version: 3 }]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\secret.docx', 'secret.docx'],
    ['/absolute/路径/文件 名.pdf', '文件 名.pdf'],
    ['a\u0000b\r\nset-cookie: x.txt', 'abset-cookie: x.txt'],
    ['exe.\u202Efdp.txt', 'exe.fdp.txt'],
    ['  many   spaces .txt ', 'many spaces .txt'],
    ['<img src=x onerror=alert(1)>.html', '<img src=x onerror=alert(1)>.html'],
    ['..hidden', '..hidden'],
    ['%2e%2e%2fx', '%2e%2e%2fx'],
    [`${'长'.repeat(490)}.txt`, `${'长'.repeat(490)}.txt`],
  ])('shows %j as %j', async (name, shown) => {
    const document = await server.upload('ada', baseId, { name });
    expect(document).toMatchObject({ name: shown, title: shown });
    const file = await server.fetch('ada', `/documents/${document.id}/file`);
    expect(file.status).toBe(200);
    expect(await file.text()).toBe('Words.');
    expect(stored()).toHaveLength(1);
  });

  it.each(['', ' ', '.', '..', '../', 'a/b/', '\u202E', '/', 'x'.repeat(501)])('refuses the name %j', async (name) => {
    const response = await server.fetch('ada', pathOf(name), { method: 'POST', body: new Uint8Array(3) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'name' } });
    expect(stored()).toEqual([]);
  });

  it('is refused before its first byte when it says that it is too large', async () => {
    const upload = open('huge.bin', [`content-length: ${MAX_FILE_BYTES + 1}`]);
    await waitUntil(() => upload.answer().includes('document_too_large'), 'the refusal');
    expect(upload.answer()).toContain('HTTP/1.1 422');
    upload.socket.destroy();
    expect(await documents()).toEqual([]);
  });

  it('is refused with its reason when it turns out too large on the way, and nothing is kept', async () => {
    server.ingestion.maxBytes = 100_000;
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 50) controller.enqueue(new Uint8Array(10_000));
        else controller.close();
      },
    });
    let sent = 0;
    const response = await server.fetch('ada', pathOf('huge.bin'), { method: 'POST', body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'document_too_large' } });
    expect(stored()).toEqual([]);
    expect(await documents()).toEqual([]);
  });

  it.each(['content-length: 1000', 'transfer-encoding: chunked'])(
    'that breaks off leaves nothing (%s)',
    async (header) => {
      const seen = Promise.withResolvers<unknown>();
      const storeFile = server.ingestion.storeFile.bind(server.ingestion);
      server.ingestion.storeFile = async (bytes) => {
        bytes.once('data', () => upload.socket.destroy());
        const storing = storeFile(bytes);
        await storing.catch(seen.resolve);
        return storing;
      };
      const upload = open('cut.txt', [header]);
      upload.socket.write('5\r\nhello\r\n');
      expect(await seen.promise).toBeInstanceOf(Error);
      expect(stored()).toEqual([]);
      expect(await documents()).toEqual([]);
      expect(await server.upload('ada', baseId, { name: 'cut.txt' })).toMatchObject({ version: 1 });
    },
  );

  it('asks for the right before it takes a byte, and once more after the last', async () => {
    const theirs = open('a.txt', ['content-length: 5'], 'eve');
    await waitUntil(() => theirs.answer().includes('knowledge_base_not_found'), 'the refusal');
    theirs.socket.destroy();
    await server.share(baseId, 'ada', { users: [{ name: 'eve', role: 'editor' }] });
    const upload = open('a.txt', ['content-length: 5'], 'eve');
    const begun = Promise.withResolvers<void>();
    const storeFile = server.ingestion.storeFile.bind(server.ingestion);
    server.ingestion.storeFile = (bytes) => {
      begun.resolve();
      return storeFile(bytes);
    };
    await begun.promise;
    await server.share(baseId, 'ada', {});
    upload.socket.write('hello');
    await waitUntil(() => upload.answer().includes('knowledge_base_not_found'), 'the refusal');
    upload.socket.destroy();
    expect(await documents()).toEqual([]);
  });
});
