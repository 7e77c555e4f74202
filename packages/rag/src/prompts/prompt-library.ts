import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts';
import type { Language } from '@parley/text';
import { PROMPT_TEXTS, type PromptName } from './prompt-texts.ts';

/**
 * A prompt by its name, in the language given. Variables of all: `history` (LangChain messages)
 * and `question`; of `answer-from-passages` also `passages` (contracts' passage block), which
 * stands in the system message, so that what a person says and what a document says stay apart.
 */
export function promptFor(name: PromptName, language: Language): ChatPromptTemplate {
  return ChatPromptTemplate.fromMessages([
    ['system', PROMPT_TEXTS[language][name]],
    new MessagesPlaceholder('history'),
    ['human', '{question}'],
  ]);
}
