import {
  chatCompletionChunkSchema,
  END_USER_HEADER,
  errorBodySchema,
  modelListSchema,
  ParleyError,
  REQUEST_ID_HEADER,
  type ChatCompletionChunk,
  type ChatCompletionRequest,
  type EmbeddingList,
  type EmbeddingRequest,
  type RerankRequest,
  type RerankResult,
} from '@parley/contracts';
import { callHttp, createAgent, readEventStream, readJson, type HttpAnswer } from '@parley/service-kit';
import type { StreamCompletion } from '@parley/rag';
import { readEmbeddings, readRanking } from '../models/read-text-answers.ts';
import { patiently } from './patience.ts';

/** 2,048 vectors of 3,072 numbers in base64 are some 34 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface GatewayClientOptions {
  /** Base URL, without a slash at the end. */
  url: string;
  secret: string;
}

/** For whom a completion is asked; goes along as headers. */
export interface Caller {
  userId: string;
  requestId: string;
}

/** Speaks to the gateway's OpenAI API. `close` ends its connections. */
export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #agent = createAgent();

  constructor(options: GatewayClientOptions) {
    this.#options = options;
  }

  /** The completion call for one caller. A stream without a finish reason throws `stream_interrupted`. */
  completionFor({ userId, requestId }: Caller): StreamCompletion {
    const headers = { [END_USER_HEADER]: userId, [REQUEST_ID_HEADER]: requestId };
    return (request, signal) => this.#complete(request, signal, headers);
  }

  /**
   * Texts to vectors, in the order of the texts; a worker that is being started again is waited for.
   * With `userId` the request takes its turn among those of that user.
   */
  async embed(request: EmbeddingRequest, signal: AbortSignal, caller: Partial<Caller> = {}): Promise<EmbeddingList> {
    // A quarter of the size of numbers in JSON, and read in a fraction of the time.
    const body = { ...request, encoding_format: 'base64' };
    return readEmbeddings(await this.#askWhole({ path: '/v1/embeddings', body, signal }, caller));
  }

  /** How well each document answers the query, best first; as patient as `embed`. */
  async rerank(request: RerankRequest, signal: AbortSignal, caller: Partial<Caller> = {}): Promise<RerankResult> {
    return readRanking(await this.#askWhole({ path: '/v1/rerank', body: request, signal }, caller));
  }

  /** The models that a worker serves now. */
  async modelNames(): Promise<string[]> {
    const answer = await this.#call({ path: '/v1/models', method: 'GET' });
    const { data } = modelListSchema.parse(await readJson(answer));
    return data.map(({ id }) => id);
  }

  close(): void {
    this.#agent.destroy();
  }

  async *#complete(
    request: ChatCompletionRequest,
    signal: AbortSignal,
    headers: Record<string, string>,
  ): AsyncGenerator<ChatCompletionChunk> {
    const body = { ...request, stream: true, stream_options: { include_usage: true } };
    // No clock here: the gateway has five of its own, and a cold model may take minutes to its first word.
    const answer = await this.#call({ path: '/v1/chat/completions', body, headers, signal, headersTimeoutMs: 0 });
    let hasFinished = false;
    for await (const chunk of readChunks(answer, signal)) {
      hasFinished ||= chunk.choices.some(({ finish_reason }) => Boolean(finish_reason));
      yield chunk;
    }
    if (!hasFinished) throw interrupted();
  }

  #askWhole(
    call: { path: string; body: unknown; signal: AbortSignal },
    { userId, requestId }: Partial<Caller>,
  ): Promise<unknown> {
    const headers = {
      ...(userId !== undefined && { [END_USER_HEADER]: userId }),
      ...(requestId !== undefined && { [REQUEST_ID_HEADER]: requestId }),
    };
    const { signal } = call;
    // No clock here either: the gateway's count.
    const attempt = async () => readWhole(await this.#call({ ...call, headers, headersTimeoutMs: 0 }), signal);
    return patiently(attempt, signal);
  }

  async #call(call: {
    path: string;
    method?: 'GET' | 'POST';
    body?: unknown;
    headers?: Record<string, string>;
    signal?: AbortSignal;
    headersTimeoutMs?: number;
  }): Promise<HttpAnswer> {
    const { path, headers, ...rest } = call;
    const { url, secret } = this.#options;
    const allHeaders = { ...headers, authorization: `Bearer ${secret}` };
    const answer = await callHttp(
      { ...rest, url: url + path, headers: allHeaders, agent: this.#agent },
      'gateway_unreachable',
    ).catch((error: unknown) => {
      throw toPlainWords(error);
    });
    if (answer.status >= 400) throw await readRefusal(answer);
    return answer;
  }
}

async function readRefusal(answer: HttpAnswer): Promise<ParleyError> {
  const error = ParleyError.fromBody(await readJson(answer), 'gateway_unreachable');
  const retryAfterSeconds = Number(answer.headers['retry-after']);
  if (!(retryAfterSeconds > 0)) return error;
  const { code, message, param, cause } = error;
  return new ParleyError(code, message, { cause, retryAfterSeconds, ...(param !== null && { param }) });
}

async function readWhole(answer: HttpAnswer, signal: AbortSignal): Promise<unknown> {
  try {
    return await readJson(answer, { maxBytes: MAX_ANSWER_BYTES });
  } catch (error) {
    if (signal.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
    throw interrupted(error);
  }
}

async function* readChunks(answer: HttpAnswer, signal: AbortSignal): AsyncGenerator<ChatCompletionChunk> {
  try {
    for await (const { data } of readEventStream(answer.body)) {
      if (data === '[DONE]') return;
      yield toChunk(data);
    }
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    if (signal.aborted) throw new ParleyError('request_aborted', 'The answer was stopped.', { cause: error });
    throw interrupted(error);
  }
}

function toChunk(data: string): ChatCompletionChunk {
  const json: unknown = JSON.parse(data);
  if (errorBodySchema.safeParse(json).success) throw ParleyError.fromBody(json, 'stream_interrupted');
  return chatCompletionChunkSchema.parse(json);
}

function toPlainWords(error: unknown): unknown {
  if (!(error instanceof ParleyError) || error.code !== 'gateway_unreachable') return error;
  const sentence = 'The gateway to the models did not answer. It may be restarting; try again in a moment.';
  return new ParleyError('gateway_unreachable', sentence, { cause: error });
}

function interrupted(cause?: unknown): ParleyError {
  return new ParleyError('stream_interrupted', 'The answer broke off before it was complete.', { cause });
}
