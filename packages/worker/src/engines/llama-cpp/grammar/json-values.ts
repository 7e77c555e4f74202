import { SPACE, type RuleBook } from './rule-book.ts';

const CHARACTER = '( [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" ( ["\\\\/bfnrt] | "u" [0-9a-fA-F]{4} ) )';
const INTEGER = '"-"? ( [0-9] | [1-9] [0-9]{0,15} )';

export function stringRule(rules: RuleBook, shortest = 0, longest: number | null = null): string {
  const character = rules.add(CHARACTER);
  return rules.add(`"\\"" ${character}${repeat(shortest, longest)} "\\""`);
}

export function integerRule(rules: RuleBook): string {
  return rules.add(INTEGER);
}

export function numberRule(rules: RuleBook): string {
  return rules.add(`${INTEGER} ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,3} )?`);
}

/** A JSON object of any keys; `value` is the rule of their values. */
export function objectRule(rules: RuleBook, value: string = anyRule(rules)): string {
  const member = rules.add(`${stringRule(rules)} ":" ${SPACE} ${value}`);
  return rules.add(listOf(member, '{}'));
}

const anyNames = new WeakMap<RuleBook, string>();

/** Any JSON value. */
export function anyRule(rules: RuleBook): string {
  const known = anyNames.get(rules);
  if (known !== undefined) return known;
  const any = rules.reserve();
  anyNames.set(rules, any);
  const member = `${stringRule(rules)} ":" ${SPACE} ${any}`;
  const values = [stringRule(rules), numberRule(rules), listOf(member, '{}'), listOf(any, '[]')];
  rules.define(any, [...values, '"true"', '"false"', '"null"'].join(' | '));
  return any;
}

/** A list of `item` with commas, in brackets. */
export function listOf(item: string, brackets: '{}' | '[]', bounds: { least?: number; most?: number } = {}): string {
  const { least = 0, most } = bounds;
  const [open, close] = brackets;
  if (most === 0) return `"${open}" ${SPACE} "${close}"`;
  const more = repeat(Math.max(0, least - 1), most === undefined ? null : most - 1);
  const items = `${item} ( ${SPACE} "," ${SPACE} ${item} )${more}`;
  return `"${open}" ${SPACE} ( ${items} )${least > 0 ? '' : '?'} ${SPACE} "${close}"`;
}

// Bounds that contradict each other would have llama.cpp write rules until no memory is left.
function repeat(least: number, most: number | null): string {
  if (least === 0 && most === null) return '*';
  return `{${least},${most === null ? '' : Math.max(least, most)}}`;
}
