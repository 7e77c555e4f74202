import { ParleyError } from '@parley/contracts';

const LONGEST_NAME = 256;

/** A name asked for, or one to be made out of another. */
export interface WantedName {
  name: string | null;
  /** What it is made of when none is asked for. */
  base: string;
  /** Where the name stands in the request. */
  param: string;
}

/**
 * A name for each, none of them taken, none twice: `deepseek-chat`, else `deepseek-chat-2`. Throws
 * `name_taken` for one that was asked for.
 */
export function chooseNames(wanted: readonly WantedName[], taken: ReadonlySet<string>): string[] {
  const used = new Set(taken);
  // Those asked for go first: a made one gives way.
  for (const { name, param } of wanted) {
    if (name === null) continue;
    if (used.has(name)) {
      throw new ParleyError('name_taken', `There is a model "${name}" already; choose another name.`, { param });
    }
    used.add(name);
  }
  return wanted.map(({ name, base }) => {
    const chosen = name ?? firstFree(base, used);
    used.add(chosen);
    return chosen;
  });
}

function firstFree(base: string, used: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = base.slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (!used.has(name)) return name;
  }
}
