import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKnowledgeIndex } from '../index-thread/index.ts';
import type { KnowledgeIndex } from '../knowledge/knowledge-index.ts';
import { ChromaServer, hasChroma } from '../testing/chroma-server.ts';
import { describeVectorIndex } from '../testing/vector-index-contract.ts';
import { createChromaVectorIndex } from './chroma-vector-index.ts';
import { createMemoryVectorIndex } from './memory-vector-index.ts';

const named = process.env['CHROMA_URL'];
const server = new ChromaServer();
const chroma = () => createChromaVectorIndex({ url: named ?? server.url });

describe.skipIf(!hasChroma && !named)('Chroma', () => {
  describeVectorIndex({
    async open() {
      if (!named) await server.start();
      return chroma();
    },
    close: () => server.dispose(),
    reopen: named
      ? null
      : async () => {
          await server.stop();
          await server.start();
          return chroma();
        },
    recall: 0.95,
  });
});

describe('the embedded store', () => {
  let folder = '';
  let opened: KnowledgeIndex | null = null;
  const open = async () => {
    folder ||= await mkdtemp(join(tmpdir(), 'parley-vectors-'));
    opened = await openKnowledgeIndex({ file: join(folder, 'index.db') });
    return opened.vectors;
  };
  describeVectorIndex({
    open,
    async close() {
      await opened?.close();
      await rm(folder, { recursive: true });
    },
    async reopen() {
      await opened?.close();
      return open();
    },
    recall: 1,
  });
});

describe('memory', () => {
  describeVectorIndex({
    open: async () => createMemoryVectorIndex(),
    close: async () => {},
    reopen: null,
    recall: 1,
  });
});

describe('a Chroma server that is away', () => {
  it('fails in plain words', async () => {
    const away = createChromaVectorIndex({ url: 'http://127.0.0.1:1' });
    const space = { id: 's', baseId: 'b', dimensions: 1 };
    const asked = away.search(space, Float32Array.of(1), { documentIds: null, limit: 1 });
    await expect(asked).rejects.toMatchObject({
      code: 'vector_store_failed',
      message: expect.stringContaining('did not answer'),
    });
  });
});
