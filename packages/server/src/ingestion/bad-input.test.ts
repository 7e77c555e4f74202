import { createServer, type Server } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync, crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BaseDocument, KnowledgeBase } from '@parley/contracts';
import { makeDocx, writePdf, linesAt } from '@parley/rag/testing';
import { waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../database/open-database.ts';
import { KnowledgeClient } from '../testing/knowledge-client.ts';
import { TEST_SECRET, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let knowledge: KnowledgeClient;
let base: KnowledgeBase;

beforeAll(async () => {
  server = new TestServer();
  await server.start();
  knowledge = new KnowledgeClient(server);
  base = await knowledge.create('Bad input');
  await knowledge.add(base.id, { 'good.md': 'The lake is 45 metres deep.' });
});

afterAll(() => server.dispose());

function post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.address + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_SECRET}`, ...headers },
    body: body as Uint8Array<ArrayBuffer>,
  });
}

async function ended(id: string): Promise<BaseDocument> {
  const find = async () => (await knowledge.documents(base.id)).find((document) => document.id === id);
  const ends = new Set(['ready', 'failed', 'cancelled', 'set-aside']);
  await waitUntil(async () => ends.has((await find())?.state ?? ''), 'the document has an end', 60_000);
  return (await find())!;
}

async function upload(name: string, bytes: string | Uint8Array): Promise<BaseDocument> {
  const response = await post(`/api/knowledge-bases/${base.id}/documents?name=${encodeURIComponent(name)}`, bytes);
  const document = (await response.json()) as BaseDocument;
  if (response.status !== 201) throw new Error(JSON.stringify(document));
  return ended(document.id);
}

/** A zip of one entry whose directory may lie about its size. */
function zipOf(name: string, content: Uint8Array, { flags = 0 } = {}): Uint8Array {
  const packed = deflateRawSync(content, { level: 9 });
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(flags | 0x800, 2);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(Buffer.byteLength(name), 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    shared,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

const PDF = writePdf([linesAt([50, 700], ['Some words.'])]);
const XML_BOMB = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]><w:document xmlns:w="x"><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>`;
/** The container that Office puts a locked document into, as far as it tells what is in it. */
const ENCRYPTED_OFFICE = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.alloc(4_096),
  Buffer.from('EncryptedPackage', 'utf16le'),
  Buffer.alloc(4_096),
]);

describe('a file that', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['has a password', 'secret.pdf', writePdf(['', ''], { isEncrypted: true }), 'document_encrypted'],
    ['is an Office file with a password', 'secret.docx', ENCRYPTED_OFFICE, 'document_encrypted'],
    ['is cut off', 'half.pdf', PDF.slice(0, PDF.length / 2), 'document_unreadable'],
    ['is a zip that is cut off', 'half.docx', makeDocx('<w:p/>').slice(0, 200), 'document_unreadable'],
    ['is empty', 'empty.txt', '', 'document_empty'],
    ['has blanks alone', 'blank.md', ' \n\t\n', 'document_empty'],
    ['has no pages', 'none.pdf', writePdf([]), 'document_empty'],
    ['unpacks to very much', 'bomb.zip', zipOf('bomb.txt', new Uint8Array(300 * 1024 * 1024)), 'document_bomb'],
    ['has XML that grows', 'bomb.docx', makeDocx('', { 'word/document.xml': XML_BOMB }), 'document_bomb'],
    [
      'is none of what is read',
      'program.exe',
      Buffer.from('MZ\x90\x00\x03\x00\x00\x00'.repeat(64), 'latin1'),
      'document_type_unknown',
    ],
    [
      'is a picture that calls itself a text',
      'picture.txt',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'document_type_unknown',
    ],
  ])(
    '%s fails with a plain reason',
    async (_, name, bytes, code) => {
      const { state, error, chunks, version_id } = await upload(name, bytes);
      expect({ state, code: error?.code, chunks, version_id }).toEqual({
        state: 'failed',
        code,
        chunks: 0,
        version_id: null,
      });
      expect(error?.message).toMatch(/[.?]$/);
    },
    90_000,
  );

  it('says that it is larger than all that is read is refused before it is sent', async () => {
    const { hostname, port } = new URL(server.address);
    const { connect } = await import('node:net');
    const socket = connect(Number(port), hostname);
    const path = `/api/knowledge-bases/${base.id}/documents?name=huge.bin`;
    const head = [`POST ${path} HTTP/1.1`, `host: ${hostname}:${port}`, `authorization: Bearer ${TEST_SECRET}`];
    socket.write(`${[...head, `content-length: ${2 * 1024 ** 3}`].join('\r\n')}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 (413|422) /);
  });

  it('names itself like a path is stored under a name without one', async () => {
    const { name, state } = await upload('../../../etc/passwd\u0000.md', '');
    expect({ name, state }).toEqual({ name: expect.not.stringMatching(/[/\\\p{Cc}]/u), state: 'failed' });
    await post(
      `/api/knowledge-bases/${base.id}/documents?name=slip.zip`,
      zipOf('../../../../tmp/parley-slipped.txt', Buffer.from(' ')),
    );
    await waitUntil(
      async () => (await knowledge.documents(base.id)).every(({ state: now }) => now === 'ready' || now === 'failed'),
      'all have an end',
      60_000,
    );
    expect(existsSync('/tmp/parley-slipped.txt')).toBe(false);
    expect((await knowledge.documents(base.id)).every(({ name: shown }) => !shown.includes('..'))).toBe(true);
  }, 90_000);
});

describe('an address that', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
  ])(
    'leads into the private network (%s) is not opened',
    async (url) => {
      const response = await post(`/api/knowledge-bases/${base.id}/pages`, JSON.stringify({ url }), {
        'content-type': 'application/json',
      });
      const answer = (await response.json()) as { documents?: BaseDocument[]; error?: { code: string } };
      const [document] = answer.documents ?? [];
      const error = document ? (await ended(document.id)).error : answer.error;
      expect(error?.code).toMatch(/^url_(private|refused)$/);
    },
    60_000,
  );

  it.each(['ftp://example.com/a', 'file:///etc/passwd', 'javascript:alert(1)', 'not an address'])(
    'is none of the web (%s) is refused',
    async (url) => {
      const body = JSON.stringify({ url });
      const response = await post(`/api/knowledge-bases/${base.id}/pages`, body, {
        'content-type': 'application/json',
      });
      expect(response.status).toBe(400);
    },
  );
});

describe('a site that never ends', () => {
  let site: Server;
  let asked = 0;
  beforeAll(async () => {
    site = createServer((request, response) => {
      asked += 1;
      const number = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 0);
      if (request.url === '/endless') {
        response.writeHead(200, { 'content-type': 'text/html' });
        const timer = setInterval(() => response.write('<p>more</p>'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
        return;
      }
      if (request.url === '/missing') {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', 'text/html');
      response.end(
        `<title>${number}</title><main></main><a href="/page/${number + 1}">next</a><a href="/page/${number + 2}">more</a>`,
      );
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    await server.close();
    await server.start({ allow_private_pages: true });
  });
  afterAll(() => {
    site.closeAllConnections();
    site.close();
  });

  const add = async (path: string, more: Record<string, unknown> = {}) => {
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}${path}`;
    const headers = { 'content-type': 'application/json' };
    const response = await post(`/api/knowledge-bases/${base.id}/pages`, JSON.stringify({ url, ...more }), headers);
    return ((await response.json()) as { documents: BaseDocument[] }).documents;
  };

  it('is left when a page is larger than a page may be', async () => {
    const [page] = await add('/endless');
    const { state, error } = await ended(page!.id);
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'document_too_large' });
  }, 90_000);

  it('says of a page that is not there that it is not there, once and for all', async () => {
    const [page] = await add('/missing');
    const { state, error } = await ended(page!.id);
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'url_unreachable' });
    expect(error?.message).toContain('404');
  }, 60_000);

  it('is left after as many pages as were asked for', async () => {
    await add('/page/1', { extent: 'site', depth: 5, limit: 3 });
    const all = async () => (await knowledge.documents(base.id)).filter(({ name }) => name.includes('/page/'));
    await waitUntil(
      async () => {
        const pages = await all();
        return pages.length >= 3 && pages.every(({ state }) => state === 'failed' || state === 'ready');
      },
      'the pages have an end',
      60_000,
    );
    expect((await all()).length).toBe(3);
    expect(asked).toBeLessThan(20);
  }, 90_000);
});

it('leaves the server unharmed: it finds what it had, and holds nothing half', async () => {
  const found = await knowledge.search([base.id], 'How deep is the lake?');
  expect(found.hits[0]?.text).toContain('45 metres');

  const db = await openDatabase({ home: server.home, now: Date.now });
  const versions = await db
    .selectFrom('document_versions')
    .innerJoin('documents', 'documents.id', 'document_id')
    .select('name')
    .execute();
  const chunks = await db
    .selectFrom('chunks')
    .innerJoin('documents', 'documents.id', 'document_id')
    .select('name')
    .execute();
  await db.destroy();
  const stored = new Set([...versions, ...chunks].map(({ name }) => name));
  expect([...stored].filter((name) => !name.includes('/page/'))).toEqual(['good.md']);
  const scratch = join(server.home, 'reading');
  const left = existsSync(scratch) ? readdirSync(scratch, { recursive: true, withFileTypes: true }) : [];
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
}, 60_000);
