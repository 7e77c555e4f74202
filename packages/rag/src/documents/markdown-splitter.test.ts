import { Document } from '@langchain/core/documents';
import { expect, it } from 'vitest';
import { MarkdownSplitter } from './markdown-splitter.ts';
import { toChunks } from './to-chunks.ts';

const text = '# Guide\n\nSame words.\n\n## More\n\nSame words.';

it('splits LangChain documents, keeping their metadata and telling where each passage stands', async () => {
  const documents = await new MarkdownSplitter().splitDocuments([
    new Document({ pageContent: text, metadata: { id: 7 } }),
  ]);
  expect(documents.map(({ pageContent }) => pageContent)).toEqual(['Same words.', 'Same words.']);
  expect(documents.map(({ metadata }) => metadata)).toEqual([
    { id: 7, headingPath: ['Guide'], start: 9, end: 20 },
    { id: 7, headingPath: ['Guide', 'More'], start: 31, end: 42 },
  ]);
});

it('keeps equal passages apart as chunks, and does not repeat the title', () => {
  const chunks = toChunks({ id: 'g', title: 'Guide', text });
  expect(chunks.map(({ id, headingPath }) => [id, headingPath])).toEqual([
    ['g#0', []],
    ['g#1', ['More']],
  ]);
  for (const chunk of chunks) expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
});
