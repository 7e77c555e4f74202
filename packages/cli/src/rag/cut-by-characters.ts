import type { LoadedSource } from './loaded-source.ts';

export interface CharacterSplit {
  chunkSize: number;
  chunkOverlap: number;
}

/** Reads `--split 1000/200`; null when it says something else. */
export function parseSplit(text: string): CharacterSplit | null {
  const [, size, overlap] = /^(\d{2,6})\/(\d{1,6})$/.exec(text) ?? [];
  const [chunkSize, chunkOverlap] = [Number(size), Number(overlap)];
  return chunkOverlap < chunkSize ? { chunkSize, chunkOverlap } : null;
}

/** Cuts a document anew, into pieces of so many characters that may cross headings, as the well-known recursive splitter does. */
export async function cutByCharacters(document: LoadedSource, split: CharacterSplit): Promise<LoadedSource> {
  const { RecursiveSplitter } = await import('@parley/rag/langchain');
  const pieces = await new RecursiveSplitter(split).createDocuments([document.text]);
  const parts = pieces.map(({ pageContent, metadata }) => {
    const { start, end } = metadata as { start: number; end: number };
    return { ...placeOf(document, start, end), headingPath: [], start, end, text: pageContent };
  });
  return { ...document, parts };
}

/** The page on which a piece begins, and what is wrong with the text in it. */
function placeOf({ pages, flaggedSpans }: LoadedSource, start: number, end: number) {
  const page = pages.findLast((each) => each.start <= start) ?? pages[0];
  const touched = flaggedSpans.filter((span) => span.start < end && span.end > start);
  return { page: page?.number ?? null, flags: [...new Set(touched.map(({ flag }) => flag))] };
}
