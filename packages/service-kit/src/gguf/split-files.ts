/** Most files of one model; a name that tells of more is not believed. */
export const MOST_MODEL_FILES = 99;

/** What the name of one file of a split model says, believable or not. */
export interface SplitName {
  /** What the names of all its files begin with. */
  base: string;
  /** From 1. */
  part: number;
  count: number;
}

// llama.cpp finds the other files by this very form, small letters included.
const SPLIT_NAME = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s;

/** Reads `name-00002-of-00003.gguf`, with or without folders before it; null for a name of another form. */
export function readSplitName(file: string): SplitName | null {
  const [, base, part, count] = SPLIT_NAME.exec(file) ?? [];
  return base === undefined ? null : { base, part: Number(part), count: Number(count) };
}

export function splitFileName({ base, part, count }: SplitName): string {
  const [no, of] = [part, count].map((number) => String(number).padStart(5, '0'));
  return `${base}-${no}-of-${of}.gguf`;
}

export function isPossibleSplit({ part, count }: SplitName): boolean {
  return part >= 1 && part <= count && count <= MOST_MODEL_FILES;
}

/** The files of the model that this one belongs to, the first one first; none but itself where its name tells of no others. */
export function filesOfModel(file: string): readonly [string, ...string[]] {
  const name = readSplitName(file);
  if (name === null || !isPossibleSplit(name)) return [file];
  const others = Array.from({ length: name.count - 1 }, (_, index) => splitFileName({ ...name, part: index + 2 }));
  return [splitFileName({ ...name, part: 1 }), ...others];
}

/** The file by which a model is named and loaded. */
export function firstFileOf(file: string): string {
  return filesOfModel(file)[0];
}
