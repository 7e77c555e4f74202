import { fullQuote, type Quote } from './full-quote.ts';
import type { Question } from './read-question.ts';
import { scoreUnits, type ScoredUnit } from './score-units.ts';
import { textOf, type Unit } from './units.ts';

const MAX_QUOTES = 5;
const MAX_PASSAGES = 3;
/** Share of the question that must be covered; exactly half is one of two words, and no answer. */
const LEAST_COVERAGE = 0.5;
/** Against the best score: what is worth saying as well, and what goes on from something said. */
const LEAST_SHARE = 0.6;
const LEAST_SHARE_NEXT = 0.4;

/** The parts of the passages that answer the question, in the order in which to say them; empty when nothing does. */
export function chooseQuotes(question: Question, units: readonly Unit[]): Quote[] {
  const scored = scoreUnits(question, units);
  const answering = scored.filter(({ coverage }) => coverage > LEAST_COVERAGE);
  const [best] = answering;
  if (best === undefined) return [];
  const chosen: { quote: Quote; score: number }[] = [];
  for (const candidate of scored) {
    if (chosen.length >= MAX_QUOTES) break;
    if (!isWorthSaying(candidate, best, chosen)) continue;
    chosen.push({ quote: fullQuote(candidate.unit, units, question), score: candidate.score });
  }
  return inReadingOrder(chosen);
}

function isWorthSaying({ unit, score }: ScoredUnit, best: ScoredUnit, chosen: { quote: Quote }[]): boolean {
  if (unit === best.unit) return true;
  const parts = chosen.flatMap(({ quote }) => quote.parts);
  const passages = new Set(parts.map(({ passage }) => passage.index));
  if (!passages.has(unit.passage.index) && passages.size >= MAX_PASSAGES) return false;
  // Passages overlap, and guides repeat themselves.
  if (parts.some((part) => includesText(textOf(part), textOf(unit)))) return false;
  const goesOn = chosen.some(({ quote }) => isNextTo(quote, unit));
  return score >= best.score * (goesOn ? LEAST_SHARE_NEXT : LEAST_SHARE);
}

function isNextTo({ units }: Quote, unit: Unit): boolean {
  return units.some(
    ({ passage, group, position }) =>
      passage === unit.passage && group === unit.group && Math.abs(position - unit.position) === 1,
  );
}

function includesText(whole: string, part: string): boolean {
  return flatten(whole).includes(flatten(part));
}

function flatten(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Passages by their best quote, and inside a passage as it is written. What two quotes share is said once. */
function inReadingOrder(chosen: { quote: Quote; score: number }[]): Quote[] {
  const passages = [...new Set(chosen.map(({ quote }) => quote.passage))];
  return chosen
    .map(({ quote }) => quote)
    .sort((a, b) => passages.indexOf(a.passage) - passages.indexOf(b.passage) || startOf(a) - startOf(b))
    .filter((quote, place, all) => !all.some((other, at) => at !== place && isInside(quote, other, place < at)));
}

function startOf({ parts: [first] }: Quote): number {
  return first?.start ?? 0;
}

function isInside(quote: Quote, other: Quote, isEarlier: boolean): boolean {
  const isCoveredBy = quote.parts.every((part) =>
    other.parts.some((whole) => whole.passage === part.passage && whole.start <= part.start && whole.end >= part.end),
  );
  return isCoveredBy && (quote.parts.length < other.parts.length || !isEarlier || wider(other, quote));
}

function wider(a: Quote, b: Quote): boolean {
  return lengthOf(a) > lengthOf(b);
}

function lengthOf({ parts }: Quote): number {
  return parts.reduce((length, { start, end }) => length + end - start, 0);
}
