import { basename } from 'node:path';
import { readGgufHeader, unreadable, type GgufHeader } from './read-gguf-header.ts';
import { filesOfModel, isPossibleSplit, MOST_MODEL_FILES, readSplitName } from './split-files.ts';

/**
 * What a model says of itself, by the path of its file, or of any one of them where it is split: all
 * are read then, and sizes and counts are those of all. Throws what `readGgufHeader` throws, naming the
 * file that is missing, broken, or part of something else.
 */
export async function readModelHeader(path: string): Promise<GgufHeader> {
  const files = filesOfModel(path);
  const headers: GgufHeader[] = [];
  for (const file of files) {
    const header = await readGgufHeader(file);
    requireNamedPart(header, basename(file));
    headers.push(header);
  }
  const [first, ...others] = headers;
  if (first === undefined) throw new RangeError('A model has a file.');
  if (others.length === 0) return first;
  requireOneModel(headers, files);
  const sum = (count: (header: GgufHeader) => number) => headers.reduce((total, header) => total + count(header), 0);
  return {
    ...first,
    // The tensors that models for ranking are known by may lie in any file.
    purpose: headers.some(({ purpose }) => purpose === 'rerank') ? 'rerank' : first.purpose,
    tensorCount: sum(({ tensorCount }) => tensorCount),
    fileBytes: sum(({ fileBytes }) => fileBytes),
    neededBytes: sum(({ neededBytes }) => neededBytes),
  };
}

/** Throws `model_file_unreadable` for a header that says something else of which part of a model it is than the name of its file. */
export function requireNamedPart({ splitPart, splitCount }: GgufHeader, name: string): void {
  if (splitCount > MOST_MODEL_FILES) {
    throw unreadable(name, `it is one of ${splitCount} parts of a model, and there may be ${MOST_MODEL_FILES} at most`);
  }
  const split = readSplitName(name);
  const named = split !== null && isPossibleSplit(split) ? split : { part: 1, count: 1 };
  if (named.count === splitCount && (splitCount === 1 || named.part === splitPart)) return;
  const [saysName, saysHeader] = [named, { part: splitPart, count: splitCount }].map(inWords);
  throw unreadable(name, `its name says that it is ${saysName}, and its header that it is ${saysHeader}`);
}

function inWords({ part, count }: { part: number; count: number }): string {
  return count === 1 ? 'a whole model' : `part ${part} of ${count} of a model`;
}

/** The only thing that all parts of a model have in common is how many tensors they have together. */
function requireOneModel([first, ...others]: readonly GgufHeader[], files: readonly [string, ...string[]]): void {
  const other = others.findIndex(({ splitTensors }) => splitTensors !== first?.splitTensors) + 1;
  if (other > 0)
    throw unreadable(basename(files[other] ?? ''), `it belongs to another model than "${basename(files[0])}"`);
  const count = others.reduce((total, { tensorCount }) => total + tensorCount, first?.tensorCount ?? 0);
  const wanted = first?.splitTensors ?? null;
  if (wanted === null || wanted === count) return;
  throw unreadable(
    basename(files[0]),
    `it and its other parts have ${count} tensors, and not the ${wanted} of the model`,
  );
}
