import type {
  IndexedChunk,
  IndexedDocument,
  IndexHit,
  SearchScope,
  VectorSpace,
  WordHits,
} from '../knowledge/knowledge-index.ts';
import type { VectorBatch, VectorQuery } from './vectors/vector-store.ts';

/** What the thread can be asked: `input` is sent, `output` comes back. */
export interface Operations {
  beginDocument: { input: null; output: number };
  addChunks: { input: { writer: number; chunks: readonly IndexedChunk[] }; output: void };
  commitDocument: { input: { writer: number; baseId: string; documentId: string }; output: void };
  discardDocument: { input: { writer: number }; output: void };
  removeBase: { input: { baseId: string }; output: void };
  searchWords: { input: { query: string; scope: SearchScope }; output: WordHits };
  documents: { input: { baseId: string }; output: IndexedDocument[] };
  position: { input: null; output: number };
  setPosition: { input: { sequence: number }; output: void };
  putVectors: { input: { space: VectorSpace; batch: VectorBatch }; output: void };
  removeVectors: { input: { space: VectorSpace; chunkIds: readonly string[] }; output: void };
  removeDocumentVectors: { input: { space: VectorSpace; documentId: string }; output: void };
  removeSpace: { input: { spaceId: string }; output: void };
  searchVectors: { input: VectorQuery; output: IndexHit[] };
  vectorChunkIds: { input: { space: VectorSpace }; output: string[] };
  /** Answered once all that was asked before is done; the thread ends then. */
  close: { input: null; output: void };
}
export type OperationName = keyof Operations;

export interface ThreadRequest {
  id: number;
  name: OperationName;
  input: unknown;
}

/** Id 0 says, before anything was asked, whether the thread could begin: its output is `ThreadReady`. */
export type ThreadAnswer = { id: number; output: unknown } | { id: number; failure: ThreadFailure };

export interface ThreadFailure {
  /** `range`: what was asked makes no sense; `storage`: the file cannot be read or written. */
  kind: 'range' | 'storage';
  message: string;
}

/** `isNew`: the file was not there, or no good, and holds nothing yet. */
export interface ThreadReady {
  isNew: boolean;
}

export interface ThreadSettings {
  file: string;
  wordMemoryBytes: number;
  vectorMemoryBytes: number;
  segmentPassages: number;
}
