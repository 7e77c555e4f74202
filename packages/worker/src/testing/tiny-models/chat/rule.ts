import { BLOCKS } from './layout.ts';

/** An entry of the memory: after these tokens comes that one. */
export interface Rule {
  /** The last eight tokens, the nearest first; null where any will do. */
  readonly context: readonly (number | null)[];
  /** What the copy head must have proposed; absent where that does not matter. */
  readonly proposed?: number;
  /** What comes next; more than one: a choice. */
  readonly next: readonly number[];
}

/** A step of a program: the tokens that may stand there. */
export type Step = readonly number[];

/** The context of the step at `index`; a step with a choice fits whatever was chosen. */
export function contextOf(steps: readonly Step[], index: number): (number | null)[] {
  return Array.from({ length: BLOCKS }, (_, block) => {
    const [token, ...others] = steps[index - 1 - block] ?? [];
    return token === undefined || others.length > 0 ? null : token;
  });
}
