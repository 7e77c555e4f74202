import type { Chunk } from '../retrieval/passage-index.ts';

/**
 * What is embedded of a passage: title and headings often say what its text leaves out. All that its
 * hash is made of, so that equal hashes may share a vector.
 */
export function toEmbeddedText({ title, headingPath, text }: Pick<Chunk, 'title' | 'headingPath' | 'text'>): string {
  return `${[title, ...headingPath].filter((part) => part !== '').join(' > ')}\n${text}`;
}
