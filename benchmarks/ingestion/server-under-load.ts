import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { KnowledgeBase, RetrievalTrace } from '@parley/contracts';
import { CHILD_FLAGS } from '../../packages/cli/src/launcher/process-flags.ts';
import type { Blocks } from './loop-watch.ts';
import type { ServerMemory } from './server-memory.ts';
import type { Answer, Question } from './watch-process.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/src/launcher/child-main.mjs', import.meta.url));
const WATCH = new URL('watch-process.ts', import.meta.url).href;
const SECRET = 'the-secret-of-this-benchmark';

interface Body {
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** The application server in a process as the launcher starts it, watched. */
export class ServerUnderLoad {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  /** `nodeArguments`: more of them, `--cpu-prof` for one. */
  static async start(home: string, nodeArguments: readonly string[]): Promise<ServerUnderLoad> {
    const child = fork(PROGRAM, ['server'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...CHILD_FLAGS, '--import', WATCH, ...nodeArguments],
      env: { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' },
    });
    const config = { port: 0, home, secret: SECRET, gateway_url: 'http://127.0.0.1:1', log_level: 'error' };
    child.send({ type: 'start', room: 'server', config });
    const [{ address, message }] = (await once(child, 'message')) as [{ address?: string; message?: string }];
    if (address === undefined) throw new Error(message);
    return new ServerUnderLoad(child, address);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.send({ type: 'stop', grace_ms: 0 });
    await exited;
  }

  async json<Value>(path: string, { body, headers = {} }: Body = {}): Promise<Value> {
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

  search(baseId: string, query: string): Promise<RetrievalTrace> {
    const body = JSON.stringify({ base_ids: [baseId], query });
    return this.json('/api/knowledge-bases/search', { body });
  }

  /** Since the last call. */
  async blocks(): Promise<Blocks> {
    const answer = await this.#ask({ ask: 'blocks' });
    if ('blocks' in answer) return answer.blocks;
    throw new Error('It was asked about its blocks, and told of its memory.');
  }

  async memory(): Promise<ServerMemory> {
    const answer = await this.#ask({ ask: 'memory' });
    if ('memory' in answer) return answer.memory;
    throw new Error('It was asked about its memory, and told of its blocks.');
  }

  async #ask(question: Question): Promise<Answer> {
    this.#child.send(question);
    const [answer] = (await once(this.#child, 'message')) as [Answer];
    return answer;
  }
}
