import { chatCompletionRequestSchema, textOfMessage, type ChatMessage } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { checkTextLength, parseJson } from './read-body.ts';

/** Checks a chat completion request; answers the model that it asks for, and its messages. Throws what the caller has to hear. */
export function readCompletion(body: Buffer): { model: string; messages: ChatMessage[] } {
  const { model, messages } = parseBody(chatCompletionRequestSchema, parseJson(body));
  checkTextLength(body, 'messages', () => messages.reduce((sum, message) => sum + textOfMessage(message).length, 0));
  return { model, messages };
}
