import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startServer } from '@parley/server';
import type { RunningService } from '@parley/service-kit';
import { silentLogger, waitUntil } from '@parley/service-kit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLauncherFile } from '../home/launcher-file.ts';
import { loadOrCreateSecret } from '../home/secrets.ts';

const root = join(import.meta.dirname, '../../../..');
const ARGUMENTS = ['bootstrap.mjs', 'parley', 'mcp'];

let home: string;
let server: RunningService | null = null;
let secret: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-mcp-'));
  secret = loadOrCreateSecret(join(home, 'secrets.json'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(home, { recursive: true, force: true });
});

const environment = () => ({ PATH: process.env['PATH'] ?? '', LANG: 'C', PARLEY_HOME: home });

/** A running system, as far as this command looks at one. */
async function startSystem(): Promise<string> {
  server = await startServer(
    { port: 0, secret, home, gateway_url: 'http://127.0.0.1:1', stop_grace_ms: 0 },
    { logger: silentLogger() },
  );
  const view = { pid: process.pid, started_at: 1, server_url: server.address, processes: [] };
  writeLauncherFile(join(home, 'launcher.json'), view);
  return server.address;
}

async function addDocument(address: string, name: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const made = await fetch(`${address}/api/knowledge-bases`, { method: 'POST', headers, body: '{"name":"Insects"}' });
  const { id } = (await made.json()) as { id: string };
  const path = `${address}/api/knowledge-bases/${id}`;
  await fetch(`${path}/documents?name=${name}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/plain' },
    body,
  });
  const isFound = async () => {
    const report = await fetch(`${path}/verify`, { method: 'POST', headers: { authorization: headers.authorization } });
    return ((await report.json()) as { chunks: number; agrees: boolean }).chunks > 0;
  };
  await waitUntil(isFound, 'the document can be found', 30_000);
}

async function connect(mode: 'legacy' | 'auto'): Promise<{ client: Client; printed: () => string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ARGUMENTS,
    cwd: root,
    env: environment(),
    stderr: 'pipe',
  });
  let printed = '';
  transport.stderr?.on('data', (piece: Buffer) => (printed += piece.toString()));
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return { client, printed: () => printed };
}

describe('parley mcp', () => {
  it.each(['legacy', 'auto'] as const)('searches and reads the running system, with the %s handshake', async (mode) => {
    const address = await startSystem();
    await addDocument(address, 'bees.txt', 'The honey bee dances to tell the others where flowers are.');
    const { client, printed } = await connect(mode);
    const found = await client.callTool({ name: 'search', arguments: { query: '花 flowers bee' } });
    const { results } = found.structuredContent as { results: { id: string; url: string; base: string }[] };
    expect(results).toMatchObject([{ base: 'Insects', quote: expect.stringContaining('dances') as string }]);
    expect(results[0]!.url.startsWith(address)).toBe(true);
    const read = await client.callTool({ name: 'fetch', arguments: { id: results[0]!.id } });
    expect(read.structuredContent).toMatchObject({ text: expect.stringContaining('honey bee') as string });
    const wrong = await client.callTool({ name: 'fetch', arguments: { id: 'none' } });
    expect(wrong).toMatchObject({ isError: true, content: [{ text: 'There is no such passage.' }] });
    await client.close();
    expect(printed()).toBe('');
  });

  it('goes on when the system is away for a while', async () => {
    await startSystem();
    const { client } = await connect('legacy');
    await server?.close();
    const answer = await client.callTool({ name: 'search', arguments: { query: 'bees' } });
    expect(answer).toMatchObject({ isError: true });
    expect(JSON.stringify(answer.content)).toContain('did not answer');
    expect((await client.listTools()).tools).toHaveLength(2);
    await client.close();
  });

  it('says on standard error that nothing runs, and starts nothing', async () => {
    const child = spawn(process.execPath, ARGUMENTS, { cwd: root, env: environment() });
    const [printed, said, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('exit', resolve)),
    ]);
    expect([printed, code]).toEqual(['', 1]);
    expect(said).toContain('Parley is not running here');
  });

  it('prints nothing but the protocol, whatever comes in, and ends with its input', async () => {
    await startSystem();
    const child = spawn(process.execPath, ARGUMENTS, { cwd: root, env: environment() });
    const hello = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    };
    child.stdin.write(`{broken\n\n"text"\n${JSON.stringify(hello)}\n`);
    const lines: string[] = [];
    child.stdout.on('data', (piece: Buffer) => lines.push(...piece.toString().split('\n').filter(Boolean)));
    await waitUntil(() => lines.some((line) => line.includes('"id":1')), 'the handshake is answered', 15_000);
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });
});
