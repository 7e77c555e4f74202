import {
  chatCompletionChunkSchema,
  END_USER_HEADER,
  errorBodySchema,
  modelListSchema,
  ParleyError,
  REQUEST_ID_HEADER,
  type ChatCompletionChunk,
  type ChatCompletionRequest,
} from '@parley/contracts';
import { callHttp, createAgent, readEventStream, readJson, type HttpAnswer } from '@parley/service-kit';
import type { StreamCompletion } from '@parley/rag';

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
    if (answer.status >= 400) throw ParleyError.fromBody(await readJson(answer), 'gateway_unreachable');
    return answer;
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
