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
const RANK_DECAY = 0.08;
/** UTF-16 units; what is longer says more beside the point. */
const COMFORTABLE_LENGTH = 320;

/** How well each unit answers, best first; units that answer nothing are left out. */
export function scoreUnits(question: Question, units: readonly Unit[]): ScoredUnit[] {
  const asked = [...question.items, ...question.context].map((item) => ({
    item,
    weight: item.weight * rarity(item, units),
  }));
  const fullWeight = sum(question.items.map(({ weight }) => weight));
  return units
    .map((unit, place) => {
      const neighbours = [units[place - 1], units[place + 1]].filter((other) => other?.passage === unit.passage);
      const around = new Set(neighbours.flatMap((other) => [...(other?.terms ?? [])]));
      const score = sum(asked.map(({ item, weight }) => weight * share(item, unit, around)));
      const covered = question.items.filter((item) => share(item, unit, around) > 0);
      const coverage = fullWeight === 0 ? 0 : sum(covered.map(({ weight }) => weight)) / fullWeight;
      return { unit, score: score * (0.5 + 0.5 * coverage) * fitness(unit, question), coverage };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.unit.rank - b.unit.rank || a.unit.position - b.unit.position);
}

// Inverse document frequency over the given units: a word that stands everywhere picks nothing out.
function rarity(item: QuestionItem, units: readonly Unit[]): number {
  const frequency = units.filter(({ terms }) => isCovered(item, terms)).length;
  return Math.log(1 + (units.length + 1) / (frequency + 0.5));
}

function share(item: QuestionItem, unit: Unit, around: ReadonlySet<string>): number {
  if (isCovered(item, unit.terms)) return 1;
  if (isCovered(item, unit.headingTerms)) return HEADING_SHARE;
  if (isCovered(item, unit.titleTerms)) return TITLE_SHARE;
  return isCovered(item, around) ? NEIGHBOUR_SHARE : 0;
}

function fitness({ rank, start, end, kind, isOrdered, isFirstUnderHeading }: Unit, { wantsSteps }: Question): number {
  const length = end - start;
  const rankFactor = 1 / (1 + RANK_DECAY * rank);
  const lengthFactor = length <= COMFORTABLE_LENGTH ? 1 : (COMFORTABLE_LENGTH / length) ** 0.5;
  const stepFactor = wantsSteps && (isOrdered || kind === 'code') ? 1.15 : 1;
  // What a section is about stands in its first sentence more often than later.
  const placeFactor = isFirstUnderHeading ? 1.15 : 1;
  return rankFactor * lengthFactor * stepFactor * placeFactor;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
