import type { z } from 'zod';
import {
  createdTokenSchema,
  fromChatFrame,
  modelViewListSchema,
  ParleyError,
  tokenListSchema,
  type ChatEvent,
  type ChatRequest,
  type CreatedToken,
  type ModelView,
  type TokenView,
} from '@parley/contracts';
import { callHttp, readEventStream, readJson, type HttpAnswer, type HttpCall } from '@parley/service-kit';

/** The application server, spoken to as the installation's owner. Throws `ParleyError`. */
export class AppClient {
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;

  constructor(baseUrl: string, secret: string) {
    this.#baseUrl = baseUrl;
    this.#headers = { authorization: `Bearer ${secret}` };
  }

  /** Asks, and yields the events of the answer. Leaving early does not stop the answer. */
  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const answer = await this.#call({ url: '/api/chat', body: request, signal });
    for await (const frame of readEventStream(answer.body)) {
      const event = fromChatFrame(frame);
      if (event) yield event;
    }
  }

  async stopAnswer(messageId: string): Promise<void> {
    const answer = await this.#call({ url: `/api/messages/${messageId}/stop`, body: {} });
    answer.body.resume();
  }

  /** The configured models, in the order of the picker. */
  async listModels(): Promise<ModelView[]> {
    return (await this.#read({ url: '/api/models', method: 'GET' }, modelViewListSchema)).models;
  }

  /** Sets the owner's password and ends the sessions of all browsers. */
  async setPassword(password: string): Promise<void> {
    const answer = await this.#call({ url: '/api/session/password', method: 'PUT', body: { password } });
    answer.body.resume();
  }

  async createToken(name: string): Promise<CreatedToken> {
    return this.#read({ url: '/api/tokens', body: { name } }, createdTokenSchema);
  }

  async listTokens(): Promise<TokenView[]> {
    return (await this.#read({ url: '/api/tokens', method: 'GET' }, tokenListSchema)).tokens;
  }

  async revokeToken(id: string): Promise<void> {
    const answer = await this.#call({ url: `/api/tokens/${encodeURIComponent(id)}`, method: 'DELETE' });
    answer.body.resume();
  }

  async #read<Schema extends z.ZodType>(call: HttpCall, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await readJson(await this.#call(call)));
  }

  async #call(call: HttpCall): Promise<HttpAnswer> {
    const answer = await callHttp(
      { ...call, url: this.#baseUrl + call.url, headers: this.#headers },
      'provider_failed',
    );
    if (answer.status >= 400) throw ParleyError.fromBody(await readJson(answer), 'internal_error');
    return answer;
  }
}
