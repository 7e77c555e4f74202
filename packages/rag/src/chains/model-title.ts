import { detectLanguage } from '@parley/text';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { GatewayChatModel } from '../models/gateway-chat-model.ts';
import { QuietCallbacks } from '../models/quiet-callbacks.ts';
import type { StreamCompletion } from '../models/stream-completion.ts';
import { promptFor } from '../prompts/prompt-library.ts';
import { tidyTitle, titleFromQuestion } from './title.ts';

export interface TitleInput {
  model: string;
  complete: StreamCompletion;
  question: string;
  answer: string;
}

/** Room for six words, and for a model that thinks aloud before them. */
const MAX_TITLE_TOKENS = 60;
/** A title needs the beginning of the exchange, not all of it. */
const LOOK_AT = 1_000;
const ASK = { en: 'Name this conversation.', zh: '请给这个对话起名字。' };

/** A title by the model; the one out of the question where the model fails, is stopped or says nothing. Never throws. */
export async function writeTitle(input: TitleInput, signal: AbortSignal): Promise<string> {
  const { model, complete, question, answer } = input;
  const language = detectLanguage(question);
  const chain = promptFor('title', language).pipe(
    new GatewayChatModel({ model, complete, maxTokens: MAX_TITLE_TOKENS }),
  );
  const history = [new HumanMessage(question.slice(0, LOOK_AT)), new AIMessage(answer.slice(0, LOOK_AT))];
  try {
    const written = await chain.invoke(
      { history, question: ASK[language] },
      { signal, callbacks: new QuietCallbacks() },
    );
    return tidyTitle(written.text) || titleFromQuestion(question);
  } catch {
    return titleFromQuestion(question);
  }
}
