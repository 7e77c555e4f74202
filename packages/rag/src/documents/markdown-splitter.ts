import { Document } from '@langchain/core/documents';
import { TextSplitter } from '@langchain/textsplitters';
import { estimateTokens } from '@parley/text';
import { DEFAULT_PASSAGE_TOKENS, splitMarkdown } from './split-markdown.ts';

/**
 * `splitMarkdown` as a LangChain text splitter: no sentence that fits is torn, in Chinese or in
 * English. Documents keep their metadata and gain `headingPath`, `start` and `end` (UTF-16 offsets
 * into the text that was split). `chunkSize` and `chunkOverlap` are in estimated tokens; passages do
 * not overlap unless told to.
 */
export class MarkdownSplitter extends TextSplitter {
  constructor({ chunkSize = DEFAULT_PASSAGE_TOKENS, chunkOverlap = 0 } = {}) {
    super({ chunkSize, chunkOverlap, lengthFunction: estimateTokens });
  }

  override async splitText(text: string): Promise<string[]> {
    return this.#split(text).map(({ start, end }) => text.slice(start, end));
  }

  // The base class finds passages again by searching for their text, which loses track of repeats.
  override async createDocuments(texts: string[], metadatas: Record<string, unknown>[] = []): Promise<Document[]> {
    return texts.flatMap((text, place) =>
      this.#split(text).map(
        ({ start, end, headingPath }) =>
          new Document({
            pageContent: text.slice(start, end),
            metadata: { ...metadatas[place], headingPath, start, end },
          }),
      ),
    );
  }

  #split(text: string) {
    return splitMarkdown(text, this.chunkSize, this.chunkOverlap);
  }
}
