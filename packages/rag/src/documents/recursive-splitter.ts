import { Document } from '@langchain/core/documents';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';

/**
 * LangChain's recursive splitter (pieces of at most `chunkSize` characters, the last `chunkOverlap`
 * of them repeated in the next), which also tells where each piece stands: `start` and `end`, UTF-16
 * offsets into the text that was split. Defaults 1,000 and 200. Pieces may cross headings.
 */
export class RecursiveSplitter extends RecursiveCharacterTextSplitter {
  constructor({ chunkSize = 1_000, chunkOverlap = 200 }: { chunkSize?: number; chunkOverlap?: number } = {}) {
    super({ chunkSize, chunkOverlap });
  }

  static override lc_name(): string {
    return 'RecursiveSplitter';
  }

  override async createDocuments(texts: string[], metadatas: Record<string, unknown>[] = []): Promise<Document[]> {
    const documents: Document[] = [];
    for (const [place, text] of texts.entries()) {
      let from = 0;
      for (const piece of await this.splitText(text)) {
        const start = text.indexOf(piece, from);
        const end = start + piece.length;
        // The next piece begins after this one's beginning, and repeats no more than the overlap.
        from = Math.max(start + 1, end - this.chunkOverlap);
        documents.push(new Document({ pageContent: piece, metadata: { ...metadatas[place], start, end } }));
      }
    }
    return documents;
  }
}
