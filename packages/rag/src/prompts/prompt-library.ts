import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts';
import type { Language } from '@parley/text';
import { PROMPT_TEXTS, type PromptName } from './prompt-texts.ts';

const PASSAGES = '{passages}';

/**
 * A prompt by its name, in the language given. Variables of all: `history` (LangChain messages)
 * and `question`; of `answer-from-passages` also `passages` (contracts' passage block), which
 * stands in the system message, so that what a person says and what a document says stay apart.
 */
export function promptFor(name: PromptName, language: Language): ChatPromptTemplate {
  return promptOf(PROMPT_TEXTS[language][name]);
}

/** A prompt of one's own for answering from passages: only its first `{passages}` is filled in, all else is text. */
export function promptFromText(text: string): ChatPromptTemplate {
  const place = text.indexOf(PASSAGES);
  if (place === -1) return promptOf(literal(text));
  return promptOf(literal(text.slice(0, place)) + PASSAGES + literal(text.slice(place + PASSAGES.length)));
}

function promptOf(system: string): ChatPromptTemplate {
  return ChatPromptTemplate.fromMessages([
    ['system', system],
    new MessagesPlaceholder('history'),
    ['human', '{question}'],
  ]);
}

/** Braces would be taken for variables. */
function literal(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&');
}
