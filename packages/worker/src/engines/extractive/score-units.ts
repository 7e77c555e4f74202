import { isCovered, type QuestionItem } from './question-items.ts';
import type { Question } from './read-question.ts';
import type { Unit } from './units.ts';

export interface ScoredUnit {
  unit: Unit;
  score: number;
  /** Share of the question's weight that the unit speaks of, with its headings and neighbours: 0 to 1. */
  coverage: number;
}

const HEADING_SHARE = 0.6;
const TITLE_SHARE = 0.35;
const NEIGHBOUR_SHARE = 0.25;
/** A word that no passage has weighs more in what is missing: the question is about something else. */
const UNKNOWN = 2;
const RANK_DECAY = 0.08;
const HEADING_BONUS = 0.3;
const FIRST_BONUS = 0.8;
const LONE_CHARACTER = /^\p{Script=Han}$/u;
/** UTF-16 units; what is longer says more beside the point. */
const COMFORTABLE_LENGTH = 320;

/** How well each unit answers, best first; units that answer nothing are left out. */
export function scoreUnits(question: Question, units: readonly Unit[]): ScoredUnit[] {
  const items = question.items.map((item) =>
    item.kind !== 'word' || isKnown(item, units) ? item : { ...item, weight: item.weight * UNKNOWN },
  );
  const asked = [...question.items, ...question.context].map((item) => ({
    item,
    weight: item.weight * rarity(item, units),
  }));
  return units
    .map((unit, place) => {
      const neighbours = [units[place - 1], units[place + 1]].filter((other) => other?.passage === unit.passage);
      const around = new Set(neighbours.flatMap((other) => [...(other?.terms ?? [])]));
      const score = sum(asked.map(({ item, weight }) => weight * share(item, unit, around)));
      const coverage =
        weightOf(items.filter((item) => share(item, unit, around) > 0)) / Math.max(weightOf(items), 0.01);
      const factor = (0.5 + 0.5 * coverage) * headingFit(unit, question) * fitness(unit, question);
      return { unit, score: score * factor, coverage };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.unit.rank - b.unit.rank || a.unit.position - b.unit.position);
}

// Inverse document frequency over the given units: a word that stands everywhere picks nothing out.
function rarity(item: QuestionItem, units: readonly Unit[]): number {
  if (item.kind === 'generic') return 1;
  const frequency = units.filter(({ terms }) => isCovered(item, terms)).length;
  return Math.log(1 + (units.length + 1) / (frequency + 0.5));
}

function isKnown(item: QuestionItem, units: readonly Unit[]): boolean {
  return units.some((unit) => share(item, unit, unit.titleTerms) > 0);
}

function share(item: QuestionItem, unit: Unit, around: ReadonlySet<string>): number {
  if (isCovered(item, unit.terms)) return 1;
  if (isCovered(item, unit.headingTerms)) return HEADING_SHARE;
  if (isCovered(item, unit.titleTerms)) return TITLE_SHARE;
  return isCovered(item, around) ? NEIGHBOUR_SHARE : 0;
}

/** A heading that asks the same question, or names the same thing, stands above the answer. */
function headingFit({ headingTerms, isFirstUnderHeading }: Unit, question: Question): number {
  const words = question.items.filter(({ kind }) => kind !== 'generic');
  const items = words.length > 0 ? words : question.items;
  const heading = [...headingTerms].filter((term) => !LONE_CHARACTER.test(term));
  const asked = new Set(items.flatMap(({ terms }) => terms));
  const precision = heading.filter((term) => asked.has(term)).length / Math.max(1, heading.length);
  const recall = weightOf(items.filter((item) => isCovered(item, headingTerms))) / Math.max(weightOf(items), 0.01);
  const match = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  // What a section is about stands in its first sentence more often than later.
  return 1 + match * (isFirstUnderHeading ? FIRST_BONUS : HEADING_BONUS);
}

function fitness({ rank, start, end, kind, isOrdered }: Unit, { wantsSteps }: Question): number {
  const length = end - start;
  const rankFactor = 1 / (1 + RANK_DECAY * rank);
  const lengthFactor = length <= COMFORTABLE_LENGTH ? 1 : (COMFORTABLE_LENGTH / length) ** 0.5;
  const stepFactor = wantsSteps && isOrdered ? 1.15 : 1;
  // Neither explains anything; both come along with the sentence that introduces them.
  const proseFactor = kind === 'code' || kind === 'table-row' ? 0.8 : 1;
  return rankFactor * lengthFactor * stepFactor * proseFactor;
}

function weightOf(items: readonly QuestionItem[]): number {
  return sum(items.map(({ weight }) => weight));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
