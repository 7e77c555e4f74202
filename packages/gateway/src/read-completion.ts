import { chatCompletionRequestSchema, MAX_TEXT_LENGTH, ParleyError, textOfMessage } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';

/** Checks a chat completion request; answers the model that it asks for. Throws what the caller has to hear. */
export function readModel(body: Buffer): string {
  const { model, messages } = parseBody(chatCompletionRequestSchema, parseJson(body));
  // A body has no more UTF-16 units than bytes; only a larger one is worth counting.
  if (body.length <= MAX_TEXT_LENGTH) return model;
  const length = messages.reduce((sum, message) => sum + textOfMessage(message).length, 0);
  if (length <= MAX_TEXT_LENGTH) return model;
  throw new ParleyError('body_too_large', `The messages hold ${length} characters; ${MAX_TEXT_LENGTH} are the most.`, {
    param: 'messages',
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw new ParleyError('invalid_request', 'The body is not JSON.', { cause: error });
  }
}
