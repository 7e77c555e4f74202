export { createDocumentReader, type DocumentReaderOptions } from './document-reader.ts';
export type {
  DocumentReader,
  FlaggedSpan,
  PageStart,
  ParsedChunk,
  ParsedDocument,
  ReaderEvent,
  ReadInput,
} from './reader-events.ts';
