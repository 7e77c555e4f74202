import type { PromptPassage } from '@parley/contracts';
import type { Question } from './read-question.ts';
import { textOf, type Unit } from './units.ts';

/** What is quoted in one piece, with one mark behind it. */
export interface QuotePart {
  passage: PromptPassage;
  kind: 'sentence' | 'list' | 'table' | 'code';
  start: number;
  end: number;
  group: number;
}

/** A unit with what it cannot be understood without. */
export interface Quote {
  passage: PromptPassage;
  units: Unit[];
  parts: QuotePart[];
}

/** Longer lists and tables are not quoted whole. */
const LONGEST_GROUP = 15;
const INTRODUCES = /[:：][*_`"”』」]*$/;
const LIST_MARK = /^\s*(?:[-*+]|\d{1,9}[.)、])\s*/;

/**
 * Completes a unit: a step by its other steps, a row by its table, a sentence that introduces a
 * list or code by that, and a list or code by the sentence that introduces it.
 */
export function fullQuote(unit: Unit, units: readonly Unit[], { wantsSteps }: Question): Quote {
  const siblings = units.filter(({ passage }) => passage === unit.passage);
  const core = wholeGroup(unit, siblings);
  const [first = unit] = core;
  const before = siblings[first.position - 1];
  const isIntroduced = unit.kind !== 'paragraph' && core.length > 0 && before !== undefined && introduces(before);
  const after = siblings[(core.at(-1) ?? unit).position + 1];
  const isFollowed = unit.kind === 'paragraph' && after !== undefined && belongsTo(unit, after, wantsSteps);
  const groups = [
    ...(isIntroduced && isComplete(core, unit) ? [[before]] : []),
    core,
    ...(isFollowed ? [wholeList(after, siblings)] : []),
  ];
  return { passage: unit.passage, units: groups.flat(), parts: groups.map(toPart) };
}

function wholeGroup(unit: Unit, siblings: readonly Unit[]): Unit[] {
  const members = membersOf(unit, siblings);
  const isWhole = members.some(({ isOrdered }) => isOrdered) || unit.kind === 'table-row';
  return isWhole && members.length <= LONGEST_GROUP ? members : [unit];
}

function wholeList(unit: Unit, siblings: readonly Unit[]): Unit[] {
  const members = membersOf(unit, siblings);
  return members.length <= LONGEST_GROUP ? members : members.slice(0, LONGEST_GROUP);
}

function membersOf({ kind, group }: Unit, siblings: readonly Unit[]): Unit[] {
  const members = siblings.filter((other) => other.group === group);
  // A paragraph is a group of sentences, each of which stands for itself.
  return kind === 'paragraph' && members[0]?.kind === 'paragraph' ? [] : members;
}

// One item of many does not need the sentence that introduces them all.
function isComplete(core: readonly Unit[], unit: Unit): boolean {
  return core.length > 1 || unit.kind === 'code';
}

function introduces(unit: Unit): boolean {
  return unit.kind === 'paragraph' && INTRODUCES.test(textOf(unit).trimEnd());
}

function belongsTo(unit: Unit, after: Unit, wantsSteps: boolean): boolean {
  if (after.kind === 'paragraph') return false;
  return introduces(unit) || (wantsSteps && !after.isFirstUnderHeading && (after.isOrdered || after.kind === 'code'));
}

function toPart(members: Unit[]): QuotePart {
  const [first] = members as [Unit, ...Unit[]];
  const { passage, group } = first;
  const end = members.at(-1)?.end ?? first.end;
  if (members.length > 1) {
    const kind = first.kind === 'table-row' ? 'table' : 'list';
    return { passage, kind, start: first.start, end, group };
  }
  const mark = first.kind === 'list-item' ? (LIST_MARK.exec(textOf(first))?.[0].length ?? 0) : 0;
  const kind = first.kind === 'code' ? 'code' : first.kind === 'table-row' ? 'table' : 'sentence';
  return { passage, kind, start: first.start + mark, end, group };
}
