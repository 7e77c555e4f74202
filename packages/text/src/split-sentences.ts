import { findSentenceEnds } from './sentence-ends.ts';
import { splitBlocks } from './markdown-blocks.ts';

/** A part of a text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  start: number;
  end: number;
}

/**
 * The sentences of a Markdown or plain text, in order, without the white space between them. A
 * sentence includes its end mark and the quotes and brackets that close after it. Headings, list
 * items, table rows and paragraphs end one; a heading, a row and a fenced code block are never cut.
 */
export function splitSentences(text: string): Span[] {
  return splitBlocks(text).flatMap((block) => {
    const isProse = block.kind === 'paragraph' || block.kind === 'list-item';
    return isProse ? cut(text, block) : [trim(text, block)];
  });
}

function cut(text: string, block: Span): Span[] {
  const sentences: Span[] = [];
  let start = block.start;
  for (const end of findSentenceEnds(text, block)) {
    const sentence = trim(text, { start, end });
    if (sentence.end > sentence.start) sentences.push(sentence);
    start = end;
  }
  return sentences;
}

function trim(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const from = start + part.length - part.trimStart().length;
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}
