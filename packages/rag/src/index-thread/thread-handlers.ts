import type { OperationName, Operations } from './thread-protocol.ts';
import type { VectorStore } from './vectors/vector-store.ts';
import type { WordStore } from './words/word-store.ts';
import type { Work } from './work-queue.ts';

/** How an operation is done: at once, before all that is to be written, or in its turn and in slices. */
export type Handler<Input = unknown, Output = unknown> =
  | { kind: 'query'; run: (input: Input) => Output }
  | { kind: 'write'; run: (input: Input) => Work<Output> };

type Handlers = {
  [Name in Exclude<OperationName, 'close'>]: Handler<Operations[Name]['input'], Operations[Name]['output']>;
};

export function createHandlers(words: WordStore, vectors: VectorStore): Handlers {
  return {
    beginDocument: write(() => words.beginDocument()),
    addChunks: { kind: 'write', run: ({ writer, chunks }) => words.addChunks(writer, chunks) },
    commitDocument: { kind: 'write', run: ({ writer, ...document }) => words.commitDocument(writer, document) },
    discardDocument: write(({ writer }) => words.discardDocument(writer)),
    removeBase: write(({ baseId }) => words.removeBase(baseId)),
    searchWords: { kind: 'query', run: ({ query, scope }) => words.search(query, scope) },
    documents: { kind: 'query', run: ({ baseId }) => words.documents(baseId) },
    position: { kind: 'query', run: () => words.position() },
    setPosition: write(({ sequence }) => words.setPosition(sequence)),
    putVectors: write(({ space, batch }) => vectors.put(space, batch)),
    removeVectors: write(({ space, chunkIds }) => vectors.remove(space, chunkIds)),
    removeDocumentVectors: {
      kind: 'write',
      run: ({ space, documentId }) => vectors.removeDocument(space, documentId),
    },
    removeSpace: write(({ spaceId }) => vectors.removeSpace(spaceId)),
    searchVectors: { kind: 'query', run: (query) => vectors.search(query) },
    vectorChunkIds: { kind: 'query', run: ({ space }) => vectors.chunkIds(space) },
  };
}

/** Something short that is written in one go. */
function write<Input, Output>(run: (input: Input) => Output): Handler<Input, Output> {
  return {
    kind: 'write',
    *run(input) {
      return run(input);
    },
  };
}
