import { z } from 'zod';

const headingsSchema = z.array(z.string());

export function toHeadings(json: string): string[] {
  return headingsSchema.parse(JSON.parse(json));
}

/** What is embedded of a passage: all that its hash is made of, so that equal hashes may share a vector. */
export function toEmbeddedText(passage: { title: string; headings: readonly string[]; text: string }): string {
  const { title, headings, text } = passage;
  return `${[title, ...headings].filter((part) => part !== '').join(' > ')}\n${text}`;
}
