import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTexts } from './vendor-texts.ts';

/** A request as the fake vendor saw it. */
export interface VendorRequest {
  wire: 'openai' | 'zhipu';
  /** What was asked for. */
  door: 'chat' | 'embeddings' | 'rerank';
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Resolves when the caller goes away before its answer is finished. */
  aborted: Promise<void>;
}

/** A script of one answer. Everything but `pieces` of a stream, or `status` of a refusal, may be left out. */
export type VendorAnswer =
  | {
      /** Texts, one per chunk; an object is a whole delta: tool calls, reasoning. */
      pieces: (string | Record<string, unknown>)[];
      /** Pause before each piece, in ms. */
      delayMs?: number;
      finishReason?: string | null;
      usage?: Record<string, unknown>;
      /** After the pieces, instead of an end: `cut` breaks the connection, `stall` says nothing more. */
      afterwards?: 'cut' | 'stall' | { error: unknown };
      logprobs?: unknown;
    }
  | { status: number; headers?: Record<string, string>; body: unknown }
  /** The vectors or scores that the fake makes by itself (see `vendor-texts.ts`), sent as told. */
  | TextAnswer;

export interface TextAnswer {
  texts: 'honest';
  /** Pause before the answer, in ms. */
  delayMs?: number;
  /** So many vectors or scores of the end are left out. */
  missing?: number;
  /** The items come in the order of a provider that does not care. */
  isShuffled?: boolean;
  /** Breaks the connection in the middle of the answer, or never answers. */
  afterwards?: 'cut' | 'stall';
}

type StreamAnswer = Extract<VendorAnswer, { pieces: unknown }>;

/** Plays an answer in the wire form that the request asked for. */
export async function playAnswer(
  answer: VendorAnswer,
  request: VendorRequest,
  response: ServerResponse,
): Promise<void> {
  if ('status' in answer) {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
    return;
  }
  if ('texts' in answer) {
    await playTexts(answer, request, response);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8' });
  const toChunk = request.wire === 'openai' ? openaiChunk(request) : zhipuChunk(request);
  for (const [place, piece] of answer.pieces.entries()) {
    if (answer.delayMs) await delay(answer.delayMs);
    const delta = typeof piece === 'string' ? { content: piece } : piece;
    const isFirst = place === 0;
    await send(response, toChunk({ delta, isFirst, ...('logprobs' in answer && { logprobs: answer.logprobs }) }));
  }
  await playEnd(answer, request, response);
}

async function playTexts(answer: TextAnswer, request: VendorRequest, response: ServerResponse): Promise<void> {
  if (answer.delayMs) await delay(answer.delayMs);
  if (answer.afterwards === 'stall') return;
  const text = JSON.stringify(answerTexts(request, answer));
  response.writeHead(200, { 'content-type': 'application/json' });
  if (answer.afterwards === undefined) response.end(text);
  else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

async function playEnd(answer: StreamAnswer, request: VendorRequest, response: ServerResponse): Promise<void> {
  if (answer.afterwards === 'stall') return;
  if (answer.afterwards === 'cut') {
    response.destroy();
    return;
  }
  if (answer.afterwards !== undefined) {
    await send(response, answer.afterwards);
    response.end();
    return;
  }
  const usage = answer.usage ?? { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };
  const finishReason = answer.finishReason === undefined ? 'stop' : answer.finishReason;
  if (request.wire === 'openai') await sendOpenaiEnd(request, response, { finishReason, usage });
  else await send(response, zhipuChunk(request)({ delta: { content: '' }, finishReason, usage }));
  response.end('data: [DONE]\n\n');
}

interface ChunkParts {
  delta: Record<string, unknown>;
  isFirst?: boolean;
  finishReason?: string | null;
  usage?: unknown;
  logprobs?: unknown;
}

// platform.openai.com/docs/api-reference/chat-streaming: the role once, an empty delta at the end.
function openaiChunk({ body }: VendorRequest): (parts: ChunkParts) => object {
  return ({ delta, isFirst = false, finishReason = null, logprobs = null }) => ({
    ...openaiHead(body),
    choices: [
      { index: 0, delta: isFirst ? { role: 'assistant', ...delta } : delta, logprobs, finish_reason: finishReason },
    ],
    ...(asksForUsage(body) && { usage: null }),
  });
}

async function sendOpenaiEnd(
  request: VendorRequest,
  response: ServerResponse,
  { finishReason, usage }: { finishReason: string | null; usage: unknown },
): Promise<void> {
  if (finishReason !== null) await send(response, openaiChunk(request)({ delta: {}, finishReason }));
  if (asksForUsage(request.body)) await send(response, { ...openaiHead(request.body), choices: [], usage });
}

// docs.bigmodel.cn/cn/guide/capabilities/streaming: the role in each chunk, the end and usage in the last one.
function zhipuChunk({ body }: VendorRequest): (parts: ChunkParts) => object {
  return ({ delta, finishReason = null, usage }) => ({
    id: '8313807536837492492',
    created: 1706092316,
    model: body['model'],
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', ...delta },
        ...(finishReason !== null && { finish_reason: finishReason }),
      },
    ],
    ...(usage !== undefined && { usage }),
  });
}

function openaiHead(body: Record<string, unknown>): object {
  const id = 'chatcmpl-fake';
  return { id, object: 'chat.completion.chunk', created: 1694268190, model: body['model'], system_fingerprint: 'fake' };
}

function asksForUsage(body: Record<string, unknown>): boolean {
  return (body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true;
}

// Waits until the bytes are on their way: what is cut off behind them must not take them along.
function send(response: ServerResponse, event: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.write(`data: ${JSON.stringify(event)}\n\n`, () => resolve());
  });
}
