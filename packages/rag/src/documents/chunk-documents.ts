import type { TextSplitter } from '@langchain/textsplitters';
import type { Chunk } from '../retrieval/passage-index.ts';
import type { LoadedDocument } from './loaded-document.ts';

/** What a splitter of this room says about each piece. */
interface PieceMetadata {
  start: number;
  end: number;
  headingPath?: string[];
}

/**
 * Splits documents into the chunks that an index takes, ids `<source>#<place>`. The splitter must
 * tell where its pieces stand, as `MarkdownSplitter` and `RecursiveSplitter` do.
 */
export async function chunkDocuments(documents: readonly LoadedDocument[], splitter: TextSplitter): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (const { pageContent, metadata } of documents) {
    const { source, title } = metadata;
    for (const [place, piece] of (await splitter.createDocuments([pageContent])).entries()) {
      const { start, end, headingPath = [] } = piece.metadata as PieceMetadata;
      const headings = headingPath[0] === title ? headingPath.slice(1) : headingPath;
      chunks.push({
        id: `${source}#${place}`,
        documentId: source,
        versionId: null,
        baseId: null,
        title,
        headingPath: headings,
        page: null,
        start,
        end,
        text: piece.pageContent,
        flags: [],
      });
    }
  }
  return chunks;
}
