import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../../database/open-database.ts';
import { FileStore } from '../../ingestion/files/file-store.ts';
import { sweepFiles } from '../../ingestion/files/sweep-files.ts';
import { TEST_SECRET, TestServer } from '../../testing/test-server.ts';
import { uploadForm, V1Client, type Listed, type WireFile } from '../testing/v1-client.ts';

let server: TestServer;
let client: V1Client;

beforeEach(async () => {
  server = new TestServer();
  await server.start();
  client = new V1Client(server);
});
afterEach(() => server.dispose());

const listed = async () => (await client.json<Listed<WireFile>>('/files')).data;
const file = (name = 'a.txt') => new File(['words'], name);

describe('an upload', () => {
  it('may name its purpose before or after the file', async () => {
    const before = new FormData();
    before.set('purpose', 'user_data');
    before.set('file', file('before.txt'));
    expect(await (await client.form(before)).json()).toMatchObject({ filename: 'before.txt', purpose: 'user_data' });
    expect(await (await client.form(uploadForm(file()))).json()).toMatchObject({ bytes: 5, purpose: 'assistants' });
  });

  it('is kept by its name alone, without folders and tricks', async () => {
    const names = ['../../etc/passwd', 'C:\\Windows\\win.ini', 'gpj.\u202eexe', '报告 2026.txt'];
    const kept: string[] = [];
    for (const name of names) kept.push((await client.upload(name, 'x')).filename);
    expect(kept).toEqual(['passwd', 'win.ini', 'gpj.exe', '报告 2026.txt']);
  });

  it.each([
    ['no form', null, 'multipart'],
    ['no file', uploadForm(null), 'file: is missing'],
    ['no purpose', uploadForm(file(), null), 'purpose: must be one of assistants, user_data'],
    ['a purpose that nothing here serves', uploadForm(file(), 'batch'), 'purpose'],
    ['a name that names nothing', uploadForm(file('..')), 'must name a file'],
  ])('is refused with %s, and keeps nothing', async (_, form, reason) => {
    const response = await (form ? client.form(form) : client.fetch('/files', { method: 'POST', body: {} }));
    const { error } = (await response.json()) as { error: { message: string; type: string } };
    expect([response.status, error.type]).toEqual([400, 'invalid_request_error']);
    expect(error.message).toContain(reason);
    expect(await listed()).toEqual([]);
  });

  it('is refused with two files, with the file in another field, and with a wish to expire', async () => {
    const two = uploadForm(file());
    two.append('file', file('b.txt'));
    const elsewhere = uploadForm(null);
    elsewhere.set('document', file());
    const expiring = uploadForm(file());
    expiring.set('expires_after[anchor]', 'created_at');
    for (const form of [two, elsewhere, expiring]) expect((await client.form(form)).status).toBe(400);
    expect(await listed()).toEqual([]);
  });

  it('is refused when its file has no name', async () => {
    const part = (name: string, type: string, value: string) =>
      `--x\r\ncontent-disposition: form-data; name="${name}"\r\n${type}\r\n${value}\r\n`;
    const body = `${part('purpose', '', 'assistants')}${part('file', 'content-type: application/octet-stream\r\n', 'words')}--x--\r\n`;
    const headers = { authorization: `Bearer ${TEST_SECRET}`, 'content-type': 'multipart/form-data; boundary=x' };
    const response = await fetch(`${server.address}/v1/files`, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('must name a file') } });
    expect((await client.form(uploadForm(file('x'.repeat(501))))).status).toBe(400);
    expect(await listed()).toEqual([]);
  });

  it('that announces more than a file may have is refused at once', async () => {
    const { hostname, port } = new URL(server.address);
    const headers = {
      authorization: `Bearer ${TEST_SECRET}`,
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': 3 * 1024 ** 3,
    };
    const request = sendRequest({ hostname, port, path: '/v1/files', method: 'POST', headers });
    request.on('error', () => {});
    request.write('--x\r\n');
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(422);
    request.destroy();
  });

  it('that breaks off in the middle is no file, and the next one is', async () => {
    const { hostname, port } = new URL(server.address);
    const headers = { authorization: `Bearer ${TEST_SECRET}`, 'content-type': 'multipart/form-data; boundary=x' };
    const request = sendRequest({ hostname, port, path: '/v1/files', method: 'POST', headers });
    request.on('error', () => {});
    request.write('--x\r\ncontent-disposition: form-data; name="file"; filename="half.txt"\r\n\r\n');
    request.write('h'.repeat(200_000));
    const incoming = join(server.home, 'files', 'incoming');
    const count = () => {
      try {
        return readdirSync(incoming).length;
      } catch {
        return 0;
      }
    };
    await waitUntil(() => count() === 1, 'the file is coming', 10_000);
    request.destroy();
    await waitUntil(() => count() === 0, 'the half file is gone', 10_000);
    await client.upload('whole.txt', 'whole');
    expect((await listed()).map(({ filename }) => filename)).toEqual(['whole.txt']);
  });
});

it('keeps the bytes of an upload as long as the file is there, and no longer', async () => {
  const { id } = await client.upload('a.txt', 'words');
  const newId = () => crypto.randomUUID();
  const sweep = async () => {
    const db = await openDatabase({ home: server.home, now: Date.now });
    const now = () => Date.now() + 60_000;
    const files = new FileStore({ folder: join(server.home, 'files'), newId, now });
    const removed = await sweepFiles({ db, files, now, keepMs: 0 });
    await db.destroy();
    return removed;
  };
  expect(await sweep()).toBe(0);
  expect((await client.delete(`/files/${id}`)).status).toBe(200);
  expect(await sweep()).toBe(1);
});
