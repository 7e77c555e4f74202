import { controlTokens, encodeText } from '../byte-vocabulary.ts';
import { compileVerses } from './compile-verses.ts';
import { BLOCKS } from './layout.ts';
import type { Program } from './programs.ts';
import { contextOf, type Rule, type Step } from './rule.ts';

const CHOICE = /(\{(?:[^{}|]\|)+[^{}|]\})/u;

/**
 * Programs as rules of the memory. Refuses programs that share eight tokens but go on differently:
 * the model could not tell where it is.
 */
export function compilePrograms(programs: readonly Program[]): Rule[] {
  const rules = new Map<string, Rule>();
  for (const rule of programs.flatMap(compileProgram)) {
    const rivals = rules.values().filter((known) => canBothApply(known, rule));
    if (rivals.some(({ next }) => next.join() !== rule.next.join())) {
      throw new Error(`Two programs go on differently after "${readable(rule.context)}".`);
    }
    rules.set(JSON.stringify(rule), rule);
  }
  return [...rules.values()];
}

function canBothApply(one: Rule, other: Rule): boolean {
  const isSameProposal = one.proposed === other.proposed;
  return isSameProposal && one.context.every((token, block) => canBothBe(token, other.context[block] ?? null));
}

function canBothBe(one: number | null, other: number | null): boolean {
  return one === other || one === null || other === null;
}

function compileProgram({ trigger, say, ending = 'stop' }: Program): Rule[] {
  const question: Step[] = [...encodeText(trigger), controlTokens.end, controlTokens.assistant].map((token) => [token]);
  const recital = say.split(CHOICE).flatMap(toSteps);
  const rules = rulesOf([...question, ...recital, ...continuation(ending, recital)], question.length);
  return typeof ending === 'object' ? [...rules, ...compileVerses(ending)] : rules;
}

/** Steps after the recital, far enough that an endless one has come round to contexts it knows. */
function continuation(ending: Program['ending'], recital: readonly Step[]): readonly Step[] {
  if (ending === 'again') return recital.slice(0, BLOCKS + 1);
  return ending === 'stop' ? [[controlTokens.end]] : [];
}

function rulesOf(steps: readonly Step[], start: number): Rule[] {
  return steps.flatMap((next, index) => (index < start ? [] : [{ context: contextOf(steps, index), next }]));
}

function toSteps(part: string): Step[] {
  if (!CHOICE.test(part)) return encodeText(part).map((token) => [token]);
  const alternatives = part.slice(1, -1).split('|');
  return [alternatives.map((text) => text.charCodeAt(0))];
}

function readable(context: Rule['context']): string {
  const bytes = context.map((token) => (token === null || token > 255 ? 63 : token));
  return Buffer.from(bytes.toReversed()).toString();
}
