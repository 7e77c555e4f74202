import { describe, expect, it } from 'vitest';
import { chunkDocuments } from './chunk-documents.ts';
import { loadText } from './load-text.ts';
import { MarkdownSplitter } from './markdown-splitter.ts';
import { RecursiveSplitter } from './recursive-splitter.ts';

const words = Array.from({ length: 400 }, (_, place) => `word${place % 7}`).join(' ');
const text = `# Title\n\n${words}\n\n## Part\n\nSame line.\n\nSame line.\n\n${'中文没有空格'.repeat(300)}`;

describe('RecursiveSplitter', () => {
  it('makes pieces of 1,000 characters with 200 in common, each standing where it says', async () => {
    const pieces = await new RecursiveSplitter().createDocuments([text], [{ id: 7 }]);
    expect(pieces.length).toBeGreaterThan(4);
    let last = { start: -1, end: 0 };
    for (const { pageContent, metadata } of pieces) {
      const { start, end, id } = metadata as { start: number; end: number; id: number };
      expect(id).toBe(7);
      expect(text.slice(start, end)).toBe(pageContent);
      expect(pageContent.length).toBeLessThanOrEqual(1_000);
      expect(start).toBeGreaterThan(last.start);
      expect(last.end - start).toBeLessThanOrEqual(200);
      expect(text.slice(last.end, Math.max(start, last.end)).trim()).toBe('');
      last = { start, end };
    }
    expect(last.end).toBe(text.length);
  });

  it('takes other sizes', async () => {
    const pieces = await new RecursiveSplitter({ chunkSize: 50, chunkOverlap: 0 }).splitText(words);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(50);
  });
});

it.each([new MarkdownSplitter(), new RecursiveSplitter({ chunkSize: 40, chunkOverlap: 10 })])(
  'chunks are cut from their document exactly, and named after it (%#)',
  async (splitter) => {
    const document = await loadText(text, { source: 'notes/a.md' });
    const chunks = await chunkDocuments([document], splitter);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ documentId: 'notes/a.md', title: 'Title' });
      expect(document.pageContent.slice(chunk.start, chunk.end)).toBe(chunk.text);
      expect(chunk.headingPath).not.toContain('Title');
    }
  },
);
