import type { Document } from '@langchain/core/documents';

/** What is known of a loaded document beside its text. */
export interface DocumentMetadata {
  /** Where it came from: an address or a path. Names the document in citations. */
  source: string;
  title: string;
  /** `zh`, or the language that the page says, or `en`. */
  language: string;
}

/** A document as LangChain knows it. Spans of passages count in its `pageContent`. */
export type LoadedDocument = Document<DocumentMetadata>;
