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

type StartAnswer = { type: 'started'; address: string } | { type: 'failed'; message: string };
type BlocksAnswer = Extract<Answer, { blocks: unknown }>;
type MemoryAnswer = Extract<Answer, { memory: unknown }>;

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
    const started = await messageFrom(child, isStartAnswer);
    if (started.type === 'failed') throw new Error(started.message);
    return new ServerUnderLoad(child, started.address);
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
    this.#child.send({ ask: 'blocks' } satisfies Question);
    return (await messageFrom(this.#child, (answer): answer is BlocksAnswer => 'blocks' in answer)).blocks;
  }

  async memory(): Promise<ServerMemory> {
    this.#child.send({ ask: 'memory' } satisfies Question);
    return (await messageFrom(this.#child, (answer): answer is MemoryAnswer => 'memory' in answer)).memory;
  }
}

function isStartAnswer(message: object): message is StartAnswer {
  return 'type' in message && (message.type === 'started' || message.type === 'failed');
}

/** The next message of a kind; the server also asks its launcher for things, and here nobody answers. */
async function messageFrom<Message extends object>(
  child: ChildProcess,
  isWanted: (message: object) => message is Message,
): Promise<Message> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [object];
    if (isWanted(message)) return message;
  }
}
