import {
  chatCompletionChunkSchema,
  errorBodySchema,
  ParleyError,
  type ChatCompletionChunk,
  type ModelPurpose,
  type TestedModel,
} from '@parley/contracts';
import { readEventStream, type HttpAnswer } from '@parley/service-kit';
import type { WorkerClient } from '../hosting/worker-client.ts';
import { askOnce } from './ask-once.ts';

const LIMIT_MS = 60_000;
const MOST_TOKENS = 48;
const SHOWN = 400;

export interface MeasuredModel {
  address: string;
  model: string;
  purpose: ModelPurpose;
  signal: AbortSignal;
}

/** Asks a running model for a little, and says how fast it was. Throws what its worker says. */
export async function measureModel(
  worker: WorkerClient,
  { purpose, ...asked }: MeasuredModel,
  clock: () => number = () => performance.now(),
): Promise<TestedModel> {
  const begun = clock();
  if (purpose === 'chat') return measureChat(worker, asked, { clock, begun });
  const answer = await askOnce(worker, purpose, { ...asked, limitMs: LIMIT_MS });
  return { total_ms: Math.round(clock() - begun), first_token_ms: null, tokens_per_second: null, answer };
}

interface Heard {
  text: string;
  firstAt: number | null;
  /** Tokens of the answer, as its worker counted them. */
  tokens: number | null;
}

async function measureChat(
  worker: WorkerClient,
  { address, model, signal }: Omit<MeasuredModel, 'purpose'>,
  { clock, begun }: { clock: () => number; begun: number },
): Promise<TestedModel> {
  const messages = [{ role: 'user', content: 'Say hello in one short sentence.' }];
  const stream = { stream: true, stream_options: { include_usage: true } };
  const body = { model, messages, max_tokens: MOST_TOKENS, ...stream };
  const call = { address, path: '/v1/chat/completions', body, limitMs: LIMIT_MS, signal };
  const { text, firstAt, tokens } = await worker.ask(call, (answer) => listen(answer, clock));
  const ended = clock();
  const seconds = firstAt === null ? 0 : (ended - firstAt) / 1_000;
  // The first token is the beginning of the measured time, not part of it.
  const speed = tokens !== null && tokens > 1 && seconds > 0 ? (tokens - 1) / seconds : null;
  return {
    total_ms: Math.round(ended - begun),
    first_token_ms: firstAt === null ? null : Math.round(firstAt - begun),
    tokens_per_second: speed === null ? null : Math.round(speed * 10) / 10,
    answer: text.trim().slice(0, SHOWN),
  };
}

async function listen({ body }: HttpAnswer, clock: () => number): Promise<Heard> {
  const heard: Heard = { text: '', firstAt: null, tokens: null };
  for await (const { data } of readEventStream(body)) {
    if (data === '[DONE]') break;
    const json: unknown = JSON.parse(data);
    if (errorBodySchema.safeParse(json).success) throw ParleyError.fromBody(json, 'provider_failed');
    hear(chatCompletionChunkSchema.parse(json), heard, clock);
  }
  return heard;
}

function hear({ choices, usage }: ChatCompletionChunk, heard: Heard, clock: () => number): void {
  const { content, reasoning_content: reasoning } = choices[0]?.delta ?? {};
  if (content || reasoning) heard.firstAt ??= clock();
  heard.text += content ?? '';
  heard.tokens = usage?.completion_tokens ?? heard.tokens;
}
