import {
  createdTokenSchema,
  fromChatFrame,
  modelViewListSchema,
  tokenListSchema,
  type ChatEvent,
  type ChatRequest,
  type CreatedToken,
  type ModelView,
  type TokenView,
} from '@parley/contracts';
import type { AppConnection } from './app-connection.ts';
import { readEvents } from './read-events.ts';

/** The application server, spoken to as the installation's owner. Throws `ParleyError`. */
export class AppClient {
  readonly #connection: AppConnection;

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  /** Asks, and yields the events of the answer. Leaving early does not stop the answer. */
  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const answer = await this.#connection.call({ url: '/api/chat', body: request, signal });
    for await (const frame of readEvents(answer.body)) {
      const event = fromChatFrame(frame);
      if (event) yield event;
    }
  }

  async stopAnswer(messageId: string): Promise<void> {
    const answer = await this.#connection.call({ url: `/api/messages/${messageId}/stop`, body: {} });
    answer.body.resume();
  }

  /** Removes a conversation with its messages. */
  async deleteConversation(id: string): Promise<void> {
    const url = `/api/conversations/${encodeURIComponent(id)}`;
    const answer = await this.#connection.call({ url, method: 'DELETE' });
    answer.body.resume();
  }

  /** The configured models, in the order of the picker. */
  async listModels(): Promise<ModelView[]> {
    return (await this.#connection.read({ url: '/api/models', method: 'GET' }, modelViewListSchema)).models;
  }

  /** Sets the owner's password and ends the sessions of all browsers. */
  async setPassword(password: string): Promise<void> {
    const answer = await this.#connection.call({ url: '/api/session/password', method: 'PUT', body: { password } });
    answer.body.resume();
  }

  async createToken(name: string): Promise<CreatedToken> {
    return this.#connection.read({ url: '/api/tokens', body: { name } }, createdTokenSchema);
  }

  async listTokens(): Promise<TokenView[]> {
    return (await this.#connection.read({ url: '/api/tokens', method: 'GET' }, tokenListSchema)).tokens;
  }

  async revokeToken(id: string): Promise<void> {
    const answer = await this.#connection.call({ url: `/api/tokens/${encodeURIComponent(id)}`, method: 'DELETE' });
    answer.body.resume();
  }
}
