import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import type { Turn } from './select-turns.ts';

/** Turns as LangChain messages: question, answer, question, answer, … */
export function toMessages(turns: readonly Turn[]): BaseMessage[] {
  return turns.flatMap(({ question, answer }) => [new HumanMessage(question), new AIMessage(answer)]);
}
