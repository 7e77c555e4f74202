import { fromPassageBlock, textOfMessage, type ChatMessage, type PromptPassage } from '@parley/contracts';
import { chooseQuotes } from './choose-quotes.ts';
import type { Quote, QuotePart } from './full-quote.ts';
import { phrases } from './phrases.ts';
import { readQuestion } from './read-question.ts';
import { textOf, toUnits } from './units.ts';

const FULL_WIDTH_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？；：，”』」）》…]$/u;

/** UTF-16 units of all passages together; Parley itself sends a few thousand. */
const LONGEST_TEXT = 200_000;

/** The whole answer to a conversation, in the language of its last question. `name` is the engine's own. */
export function writeAnswer(messages: readonly ChatMessage[], name: string): string {
  const question = readQuestion(messages);
  const say = phrases[question.language];
  if (question.isAboutMe) return say.aboutMe(name);
  const passages = passagesOf(messages);
  if (passages.length === 0) return say.noPassages(name);
  const units = passages.flatMap(toUnits);
  const quotes = chooseQuotes(question, units);
  return quotes.length === 0 ? say.noAnswer(name) : `${say.leadIn}\n\n${join(quotes)}`;
}

// What a system message holds was found for this question. Only without it are other messages
// searched, newest first: an older turn's numbers mean something else now.
function passagesOf(messages: readonly ChatMessage[]): PromptPassage[] {
  const system = messages.filter(({ role }) => role === 'system' || role === 'developer');
  return withinLimit(newestBlock(system) ?? newestBlock(messages) ?? []);
}

// Scoring blocks the event loop; a caller's own prompt must not block it for long.
function withinLimit(passages: readonly PromptPassage[]): PromptPassage[] {
  let length = 0;
  return passages.filter(({ text }) => (length += text.length) <= LONGEST_TEXT);
}

function newestBlock(messages: readonly ChatMessage[]): PromptPassage[] | undefined {
  const blocks = messages.map((message) => fromPassageBlock(textOfMessage(message)));
  return blocks.findLast((passages) => passages.length > 0);
}

/** Quotes as Markdown: sentences of one paragraph run on, everything else stands apart. */
function join(quotes: readonly Quote[]): string {
  const parts = quotes.flatMap((quote) => quote.parts);
  return parts.map((part, place) => `${separator(parts[place - 1], part)}${marked(part)}`).join('');
}

function separator(previous: QuotePart | undefined, part: QuotePart): string {
  if (previous === undefined) return '';
  const runsOn = [previous, part].every(({ kind }) => kind === 'sentence') && isSameParagraph(previous, part);
  if (!runsOn) return '\n\n';
  return FULL_WIDTH_END.test(textOf(previous)) ? '' : ' ';
}

function isSameParagraph(a: QuotePart, b: QuotePart): boolean {
  return a.passage === b.passage && a.group === b.group;
}

/** The exact words and the mark of their passage. Behind a fence or a table it needs a line of its own. */
function marked(part: QuotePart): string {
  const text = textOf(part).trim();
  const mark = `[${part.passage.index}]`;
  if (part.kind === 'code' || part.kind === 'table' || text.endsWith('```')) return `${text}\n\n${mark}`;
  return FULL_WIDTH_END.test(text) ? `${text}${mark}` : `${text} ${mark}`;
}
