import type { Chunk } from '../retrieval/passage-index.ts';

/** What is embedded of a passage: title and headings often say what its text leaves out. */
export function toEmbeddedText({ title, headingPath, text }: Pick<Chunk, 'title' | 'headingPath' | 'text'>): string {
  return `${[title, ...headingPath].filter((part) => part !== '').join(' > ')}\n${text}`;
}
