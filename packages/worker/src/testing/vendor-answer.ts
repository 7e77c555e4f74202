import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTexts } from './vendor-texts.ts';
import { WIRES, type WireName } from './vendor-wires/index.ts';

/** A request as the fake vendor saw it. */
export interface VendorRequest {
  wire: WireName;
  /** What was asked for. */
  door: 'chat' | 'embeddings' | 'rerank' | 'models';
  /** Path and query, as they came. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Resolves when the caller goes away before its answer is finished. */
  aborted: Promise<void>;
}

/** A script of one answer. Everything but `pieces` of a stream, or `status` of a refusal, may be left out. */
export type VendorAnswer =
  | PiecesAnswer
  /** A recorded or documented stream, byte for byte. */
  | { stream: string }
  | { status: number; headers?: Record<string, string>; body: unknown }
  /** The vectors or scores that the fake makes by itself (see `vendor-texts.ts`), sent as told. */
  | TextAnswer;

export interface PiecesAnswer {
  /**
   * Texts, one per chunk; an object is a whole delta in OpenAI's form: tool calls, `reasoning_content`.
   * The fake says it in the vendor's own.
   */
  pieces: (string | Record<string, unknown>)[];
  /** Pause before each piece, in ms. */
  delayMs?: number;
  /** In OpenAI's words (`stop`, `length`, `tool_calls`), or the vendor's own; null leaves it out. */
  finishReason?: string | null;
  /** In OpenAI's form, or the vendor's own. */
  usage?: Record<string, unknown>;
  /** After the pieces, instead of an end: `cut` breaks the connection, `stall` says nothing more. */
  afterwards?: 'cut' | 'stall' | { error: unknown };
  logprobs?: unknown;
}

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
  if ('stream' in answer) response.end(answer.stream);
  else await playPieces(answer, request, response);
}

async function playTexts(answer: TextAnswer, request: VendorRequest, response: ServerResponse): Promise<void> {
  if (answer.delayMs) await delay(answer.delayMs);
  if (answer.afterwards === 'stall') return;
  const text = JSON.stringify(answerTexts(request, answer));
  response.writeHead(200, { 'content-type': 'application/json' });
  if (answer.afterwards === undefined) response.end(text);
  else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

async function playPieces(answer: PiecesAnswer, request: VendorRequest, response: ServerResponse): Promise<void> {
  const playback = WIRES[request.wire].play(request.body);
  await send(response, playback.begin());
  for (const piece of answer.pieces) {
    if (answer.delayMs) await delay(answer.delayMs);
    const delta = typeof piece === 'string' ? { content: piece } : piece;
    await send(response, playback.piece(delta, answer.logprobs));
  }
  await playEnd(answer, playback, response);
}

async function playEnd(
  answer: PiecesAnswer,
  playback: ReturnType<(typeof WIRES)['openai']['play']>,
  response: ServerResponse,
): Promise<void> {
  const { afterwards, finishReason = 'stop', usage = {} } = answer;
  if (afterwards === 'stall') return;
  if (afterwards === 'cut') {
    response.destroy();
    return;
  }
  if (afterwards === undefined) await send(response, playback.end({ finishReason, usage }));
  else await send(response, playback.fail(afterwards));
  response.end();
}

// Waits until the bytes are on their way: what is cut off behind them must not take them along.
function send(response: ServerResponse, frames: string): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || frames === '') resolve();
    else response.write(frames, () => resolve());
  });
}
