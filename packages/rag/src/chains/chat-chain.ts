import { detectLanguage } from '@parley/text';
import { selectTurns } from '../memory/select-turns.ts';
import { toMessages } from '../memory/to-messages.ts';
import { GatewayChatModel } from '../models/gateway-chat-model.ts';
import { promptFor } from '../prompts/prompt-library.ts';
import type { AnswerEvent } from './answer-event.ts';
import type { ChatInput } from './chat-input.ts';
import { streamAnswer, type AnswerChain } from './stream-answer.ts';

/** The plain chat of a conversation: memory and question to prompt, prompt to model. */
export function runChatChain(input: ChatInput, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const history = toMessages(selectTurns(input.turns, input.memory));
  return streamAnswer(createChatChain(input), { history, question: input.question }, signal);
}

/** The chain alone, for LangChain code that wants to go on from it. */
export function createChatChain({ question, ...model }: ChatInput): AnswerChain {
  return promptFor('general-chat', detectLanguage(question)).pipe(new GatewayChatModel(model));
}
