import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BaseDocument, KnowledgeBase, RetrievalTrace } from '@parley/contracts';
import { seededRandom } from '@parley/rag/testing';
import { PassageMaker } from '../index-scale/make-passages.ts';
import { makeFiles } from './make-files.ts';
import type { ServerSample } from './server-process.ts';

const SECRET = 'the-secret-of-this-benchmark';
const MIB = 1024 * 1024;
const QUERIES = 200;

interface Figures {
  documents: number;
  failed: number;
  chunks: number;
  seconds: number;
  chunksPerSecondPerCore: number;
  cores: number;
  /** The server's event loop while documents come in and questions are asked. */
  ingestion: { longestBlockMs: number; p99BlockMs: number };
  /** All processes of the server together, in MiB, in the middle of the run and near its end. */
  memory: { middleMiB: number; endMiB: number };
  /** Searches over everything, one after the other, with nothing else going on. */
  retrieval: { p50Ms: number; p95Ms: number; overHttpP95Ms: number; longestBlockMs: number };
  /** The same while documents came in. */
  retrievalWhileIngesting: { p95Ms: number };
}

/** See README.md. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args, options: { documents: { type: 'string', default: '1800' } } });
  const home = await mkdtemp(join(tmpdir(), 'parley-ingestion-'));
  const server = await ServerUnderLoad.start(home);
  try {
    const figures = await measure(server, Number(values.documents));
    if (!json) console.dir(figures);
    return { ...figures };
  } finally {
    server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(server: ServerUnderLoad, count: number): Promise<Figures> {
  const base = await server.json<KnowledgeBase>('/api/knowledge-bases', { body: JSON.stringify({ name: 'Mixed' }) });
  const questions = new PassageMaker(seededRandom(1));
  await server.sample();
  const begun = performance.now();
  const uploading = upload(server, base.id, count);
  const memory: number[] = [];
  const searching: number[] = [];
  for (let round = 0; !(await isDone(server, base.id, count)); round += 1) {
    const { timings } = await search(server, base.id, questions.query(round));
    searching.push(timings.total_ms);
    memory.push(await server.memory());
    if (round % 20 === 0) console.error(`${(await server.base(base.id)).documents.ready} of ${count} documents …`);
    await delay(250);
  }
  await uploading;
  const seconds = (performance.now() - begun) / 1000;
  const during = await server.sample();
  const { documents, chunks } = await server.base(base.id);
  await server.json(`/api/knowledge-bases/${base.id}/verify`, { body: '{}' });
  await server.sample();
  const asked = await askAll(server, base.id, questions);
  const after = await server.sample();
  const cores = availableParallelism();
  return rounded({
    documents: documents.ready,
    failed: documents.failed,
    chunks,
    seconds,
    chunksPerSecondPerCore: chunks / seconds / cores,
    cores,
    ingestion: { longestBlockMs: during.longestBlockMs, p99BlockMs: during.p99BlockMs },
    memory: { middleMiB: meanOf(memory, 0.4, 0.6), endMiB: meanOf(memory, 0.8, 1) },
    retrieval: { ...asked, longestBlockMs: after.longestBlockMs },
    retrievalWhileIngesting: { p95Ms: percentile(searching, 0.95) },
  });
}

async function upload(server: ServerUnderLoad, baseId: string, count: number): Promise<void> {
  for (const { name, bytes } of makeFiles(count)) {
    await server.json<BaseDocument>(`/api/knowledge-bases/${baseId}/documents?name=${name}`, {
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
}

async function isDone(server: ServerUnderLoad, baseId: string, count: number): Promise<boolean> {
  const { documents } = await server.base(baseId);
  return documents.ready + documents.failed >= count && documents.running === 0;
}

async function askAll(server: ServerUnderLoad, baseId: string, questions: PassageMaker) {
  const own: number[] = [];
  const whole: number[] = [];
  for (let number = 0; number < QUERIES; number += 1) {
    const begun = performance.now();
    const { timings } = await search(server, baseId, questions.query(1_000 + number));
    whole.push(performance.now() - begun);
    own.push(timings.total_ms);
  }
  const warm = own.slice(20);
  return {
    p50Ms: percentile(warm, 0.5),
    p95Ms: percentile(warm, 0.95),
    overHttpP95Ms: percentile(whole.slice(20), 0.95),
  };
}

function search(server: ServerUnderLoad, baseId: string, query: string): Promise<RetrievalTrace> {
  const body = JSON.stringify({ base_ids: [baseId], query });
  return server.json('/api/knowledge-bases/search', { body });
}

/** The application server and what it starts, watched. */
class ServerUnderLoad {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  static async start(home: string): Promise<ServerUnderLoad> {
    const child = fork(join(import.meta.dirname, 'server-process.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--max-semi-space-size=1','--expose-gc', ...(process.env.PERF?.split(' ') ?? [])],
    });
    const settings = { port: 0, home, secret: SECRET, gateway_url: 'http://127.0.0.1:1', log_level: 'error' };
    child.send({ start: settings });
    const [{ address }] = (await once(child, 'message')) as [{ address: string }];
    return new ServerUnderLoad(child, address);
  }

  stop(): void {
    this.#child.disconnect();
  }

  async json<Value>(
    path: string,
    { body, headers = {} }: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(this.#address + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Value;
  }

  base(id: string): Promise<KnowledgeBase> {
    return this.json<KnowledgeBase>(`/api/knowledge-bases/${id}`);
  }

  async sample(): Promise<ServerSample> {
    this.#child.send({ sample: true });
    const [sample] = (await once(this.#child, 'message')) as [ServerSample];
    return sample;
  }

  /** MiB of the server's process and the processes that it started. */
  async memory(): Promise<number> {
    const all = await Promise.all([this.#child.pid, ...(await childrenOf(this.#child.pid))].map(rssOf));
    return all.reduce((sum, bytes) => sum + bytes, 0) / MIB;
  }
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function rssOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function meanOf(values: readonly number[], from: number, to: number): number {
  const part = values.slice(Math.floor(values.length * from), Math.max(1, Math.ceil(values.length * to)));
  return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
}

function rounded<Value>(value: Value): Value {
  if (typeof value === 'number') return (Math.round(value * 100) / 100) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)])) as Value;
}
