import type { KnowledgeIndex, VectorIndex } from '@parley/rag';
import type { ServerConfig } from '../config.ts';

/** The embedded index, opened with its first use. One that could not be opened is tried again. */
export class OnDemandIndex {
  readonly #file: string;
  #opened: Promise<KnowledgeIndex> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  readonly open = (): Promise<KnowledgeIndex> => {
    this.#opened ??= import('@parley/rag/index-thread')
      .then(({ openKnowledgeIndex }) => openKnowledgeIndex({ file: this.#file }))
      .catch((error: unknown) => {
        this.#opened = null;
        throw error;
      });
    return this.#opened;
  };

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => null))?.close();
  }
}

/** The Chroma server of the settings, or null; its client comes with the first call. */
export function openChroma({
  chroma_url: url,
  chroma_token: token,
}: Pick<ServerConfig, 'chroma_url' | 'chroma_token'>): VectorIndex | null {
  if (url === null) return null;
  let opened: Promise<VectorIndex> | null = null;
  const open = () =>
    (opened ??= import('@parley/rag/vector-stores').then(({ createChromaVectorIndex }) =>
      createChromaVectorIndex({ url, token }),
    ));
  return {
    put: async (space, vectors) => (await open()).put(space, vectors),
    remove: async (space, chunkIds) => (await open()).remove(space, chunkIds),
    removeDocument: async (space, documentId) => (await open()).removeDocument(space, documentId),
    removeSpace: async (spaceId) => (await open()).removeSpace(spaceId),
    search: async (space, vector, scope) => (await open()).search(space, vector, scope),
    chunkIds: async (space) => (await open()).chunkIds(space),
  };
}
