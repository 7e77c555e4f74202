import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

afterEach(() => server.dispose());

async function startWithPage(): Promise<void> {
  const webRoot = join(server.home, 'page');
  mkdirSync(join(webRoot, 'assets'), { recursive: true });
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Parley</title>');
  writeFileSync(join(webRoot, 'favicon.svg'), '<svg/>');
  writeFileSync(join(webRoot, 'assets', 'index-abc123.js'), 'export {};');
  await server.start({ web_root: webRoot });
}

const get = (path: string) => server.fetch(path, { token: null });

describe('the built page', () => {
  it.each(['/', '/c/019-some-conversation', '/name.with.dots'])(
    'answers %s with its first file, fresh each time',
    async (path) => {
      await startWithPage();
      const response = await get(path);
      expect(await response.text()).toContain('<title>Parley</title>');
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('keeps files that carry a hash for good', async () => {
    await startWithPage();
    const response = await get('/assets/index-abc123.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/assets/index-old.js', '/api/none', '/api'])('is not what %s answers', async (path) => {
    await startWithPage();
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });

  it.each(['/../parley.db', '/%2e%2e/parley.db', '/assets/..%2f..%2fparley.db', '/..%5cparley.db', '/%00'])(
    'gives nothing from beside its folder at %s',
    async (path) => {
      await startWithPage();
      const answer = await rawGet(path);
      expect(answer).not.toContain('SQLite format');
      expect(answer).toMatch(/^HTTP\/1.1 (?:200|400|403|404)/);
    },
  );
});

it('says plainly that there is no page yet', async () => {
  await server.start({ web_root: join(server.home, 'none') });
  const response = await get('/');
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('not built yet');
});

/** `fetch` would tidy the path before it sends it. */
function rawGet(path: string): Promise<string> {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
}
