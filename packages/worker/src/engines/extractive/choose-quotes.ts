import { fullQuote, type Quote } from './full-quote.ts';
import type { Question } from './read-question.ts';
import { scoreUnits, type ScoredUnit } from './score-units.ts';
import { textOf, type Unit } from './units.ts';

const MAX_QUOTES = 5;
const MAX_PASSAGES = 3;
/** Share of the question that must be covered; exactly half is one of two words, and no answer. */
const LEAST_COVERAGE = 0.5;
/** Against the best score: what is worth saying as well, and what goes on from something said. */
const LEAST_SHARE = 0.75;
const LEAST_SHARE_NEXT = 0.45;

/** The parts of the passages that answer the question, in the order in which to say them; empty when nothing does. */
export function chooseQuotes(question: Question, units: readonly Unit[]): Quote[] {
  const scored = scoreUnits(question, units);
  const best = scored.find(({ coverage }) => coverage > LEAST_COVERAGE);
  if (best === undefined) return [];
  let chosen: Quote[] = [];
  for (const candidate of [best, ...scored]) {
    if (chosen.length >= MAX_QUOTES) break;
    if (candidate.score < best.score * leastShare(candidate, chosen)) continue;
    if (!isNew(candidate, chosen)) continue;
    const quote = fullQuote(candidate.unit, units, question);
    chosen = [...chosen.filter((other) => !isInside(other, quote)), quote];
  }
  return inReadingOrder(chosen);
}

function leastShare({ unit }: ScoredUnit, chosen: readonly Quote[]): number {
  return chosen.some((quote) => isNextTo(quote, unit)) ? LEAST_SHARE_NEXT : LEAST_SHARE;
}

function isNextTo({ units }: Quote, unit: Unit): boolean {
  return units.some(
    ({ passage, group, position }) =>
      passage === unit.passage && group === unit.group && Math.abs(position - unit.position) === 1,
  );
}

// Passages overlap, and guides repeat themselves: what was quoted in other words' midst is not quoted again.
function isNew({ unit }: ScoredUnit, chosen: readonly Quote[]): boolean {
  const passages = new Set(chosen.map(({ passage }) => passage.index));
  if (!passages.has(unit.passage.index) && passages.size >= MAX_PASSAGES) return false;
  const said = chosen.flatMap(({ units }) => units.map(textOf));
  return !said.some((text) => flatten(text).includes(flatten(textOf(unit))));
}

function flatten(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function isInside(quote: Quote, other: Quote): boolean {
  return quote.units.every((unit) => other.units.includes(unit));
}

/** Passages in the order of their best quote, and inside a passage as it is written. */
function inReadingOrder(chosen: readonly Quote[]): Quote[] {
  const passages = [...new Set(chosen.map(({ passage }) => passage))];
  return chosen.toSorted(
    (a, b) => passages.indexOf(a.passage) - passages.indexOf(b.passage) || startOf(a) - startOf(b),
  );
}

function startOf({ parts: [first] }: Quote): number {
  return first?.start ?? 0;
}
