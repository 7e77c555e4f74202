import type { WorkerSeams } from '../../../start.ts';
import { startTestWorker, type TestWorker } from '../../../testing/start-test-worker.ts';
import { tinyModels } from '../../../testing/tiny-models/index.ts';

export interface LocalChunk {
  choices: {
    index: number;
    delta: { content?: string; reasoning_content?: string; tool_calls?: LocalToolCall[] };
    finish_reason: string | null;
  }[];
  usage?: LocalUsage | null;
  parley?: { prompt_percent?: number; token_ids?: number[]; seed?: number };
  error?: { code: string };
}
export interface LocalToolCall {
  index: number;
  id?: string;
  type?: string;
  function: { name?: string; arguments: string };
}
export interface LocalUsage {
  prompt_tokens: number;
  completion_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}
export interface LocalAnswer {
  choices: {
    message: { content: string | null; reasoning_content?: string; tool_calls?: LocalToolCall[] };
    finish_reason: string;
    logprobs: { content: { token: string; logprob: number; bytes: number[]; top_logprobs: unknown[] }[] } | null;
  }[];
  usage: LocalUsage;
  error?: { code: string; message: string; param?: string };
}
export interface LocalStatus {
  state: string;
  loading_percent: number | null;
  concurrency: number;
  running: number;
  waiting: number;
  context_length: number;
  tokens_per_second: number;
  busy_sequences: number;
}

export interface LocalWorker extends TestWorker {
  /** A question, or the whole conversation, answered in one piece. */
  ask(question: string | object[], more?: object): Promise<LocalAnswer>;
  /** The same, chunk by chunk. */
  chunks(question: string | object[], more?: object): Promise<LocalChunk[]>;
  /** The same, as long as `signal` lets it; `onChunk` is told of each chunk. */
  follow(question: string, options: FollowOptions): Promise<void>;
  status(): Promise<LocalStatus>;
  post(path: string, body: object): Promise<{ status: number; body: unknown }>;
}
export interface FollowOptions {
  signal: AbortSignal;
  onChunk: (chunk: LocalChunk) => void;
  more?: object;
}

/** A worker with a tiny model, run for real on one thread; `place` are settings beside the model's. */
export async function startLocalWorker(
  model: object = {},
  seams: WorkerSeams = {},
  place: object = {},
): Promise<LocalWorker> {
  const settings = { engine: 'llama-cpp', name: 'tiny', model_path: tinyModels().chat, threads: 1, ...model };
  const worker = await startTestWorker(settings, seams, place);
  const json = async (path: string, sent?: object) => {
    const answer = await worker.call(path, sent);
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  return {
    ...worker,
    ask: async (question, more) => (await json('/v1/chat/completions', body(question, more))).body as LocalAnswer,
    async chunks(question, more) {
      const { data } = await worker.stream(body(question, more));
      return data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as LocalChunk);
    },
    async follow(question, { signal, onChunk, more }) {
      const answer = await worker.call('/v1/chat/completions', { ...body(question, more), stream: true }, signal);
      let rest = '';
      for await (const piece of answer.body) {
        const lines = (rest + String(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.startsWith('data: {')) onChunk(JSON.parse(line.slice(6)) as LocalChunk);
      }
    },
    status: async () => (await json('/worker/status')).body as LocalStatus,
    post: (path, sent) => json(path, { model: 'tiny', ...sent }),
  };
}

function body(question: string | object[], more: object = {}): object {
  const messages = typeof question === 'string' ? [{ role: 'user', content: question }] : question;
  return { model: 'tiny', messages, temperature: 0, ...more };
}

/** The text of all chunks. */
export function textOf(chunks: readonly LocalChunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}
