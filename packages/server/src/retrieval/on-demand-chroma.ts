import type { VectorIndex } from '@parley/rag';
import type { ServerConfig } from '../config.ts';

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
