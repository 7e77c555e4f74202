import { splitBlocks, splitSentences, type Span } from '@parley/text';
import { findFlaggedSpans } from '../documents/find-flagged-spans.ts';
import { MASKED } from '../prompts/passage-texts.ts';

/**
 * A text without what nobody sees in it, and without its orders to a model: from the sentence that
 * gives one to the end of the paragraph, because what is wanted mostly stands in the sentence after
 * "ignore your instructions". Measured by the benchmark `red-team`: to leave them in, and to warn of
 * them, let a model that quotes be misled three times as often; to leave out the whole passage
 * would lose what else it says.
 */
export function maskOrders(text: string): { text: string; isMasked: boolean } {
  const found = findFlaggedSpans(text);
  const isSeen = (span: Span) =>
    found.some(({ start, end, flag }) => flag === 'instructions' && start < span.end && end > span.start);
  if (found.length === 0) return { text, isMasked: false };
  const invisible = found
    .filter(({ flag }) => flag !== 'instructions')
    .map(({ start, end }) => ({ start, end, put: '' }));
  const sentences = splitSentences(text);
  const orders = splitBlocks(text)
    .filter(isSeen)
    .map((block) => {
      const first = sentences.find((sentence) => sentence.end > block.start && isSeen(sentence));
      return { start: first?.start ?? block.start, end: block.end, put: MASKED };
    });
  return { text: replaceSpans(text, [...orders, ...invisible]), isMasked: true };
}

function replaceSpans(text: string, spans: readonly (Span & { put: string })[]): string {
  let replaced = '';
  let place = 0;
  for (const { start, end, put } of spans.toSorted((one, other) => one.start - other.start)) {
    if (end <= place) continue;
    replaced += text.slice(place, Math.max(place, start)) + put;
    place = end;
  }
  return replaced + text.slice(place);
}
