import { chatCompletionRequestSchema, textOfMessage, type ChatMessage } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { checkTextLength, parseJson } from './read-body.ts';

interface CompletionFacts {
  model: string;
  messages: ChatMessage[];
  /** Whether there is a stream in which its place in the queue may be told, and it was asked for. */
  reportsQueue: boolean;
}

/** Checks a chat completion request; answers what of it matters here. Throws what the caller has to hear. */
export function readCompletion(body: Buffer): CompletionFacts {
  const { model, messages, stream, parley_report_status } = parseBody(chatCompletionRequestSchema, parseJson(body));
  checkTextLength(body, 'messages', () => messages.reduce((sum, message) => sum + textOfMessage(message).length, 0));
  return { model, messages, reportsQueue: stream === true && parley_report_status === true };
}
