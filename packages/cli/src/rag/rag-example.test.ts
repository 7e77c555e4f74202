import { fromPassageBlock, textOfMessage } from '@parley/contracts';
import type { VectorIndex } from '@parley/rag';
import { collect, endOf, ScriptedCompletion } from '@parley/rag/testing';
import { createChromaVectorIndex, createMemoryVectorIndex } from '@parley/rag/vector-stores';
import { fakeVector } from '@parley/worker/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainOver } from '../../../../docs/examples/rag.ts';
import { ChromaServer, hasChroma } from '../../../rag/src/testing/chroma-server.ts';
import { BLOG_POST, servePages, type PageServer } from '../testing/page-server.ts';

const named = process.env['CHROMA_URL'];
const QUESTION = 'What is task decomposition?';
let server: PageServer;
beforeAll(async () => (server = await servePages({ '/post': BLOG_POST })));
afterAll(() => server.close());

function partsWith(model: ScriptedCompletion, index: VectorIndex) {
  const embedded: string[] = [];
  const embed = async (texts: readonly string[]) => {
    embedded.push(...texts);
    return texts.map((text) => Float32Array.from(fakeVector(text)));
  };
  const collection = `example-${process.pid}-${Date.now()}`;
  return { embedded, embed, complete: model.complete, model: 'm', index, collection };
}

type Store = [name: string, isThere: boolean, open: () => Promise<VectorIndex>];

describe('the example in the docs', () => {
  const chroma = new ChromaServer();
  afterAll(() => chroma.dispose());
  const openChroma = async () => {
    if (!named) await chroma.start();
    return createChromaVectorIndex({ url: named ?? chroma.url });
  };

  it.for<Store>([
    ['memory', true, async () => createMemoryVectorIndex()],
    ['Chroma', hasChroma || Boolean(named), openChroma],
  ])(
    'embeds the chosen parts of a page into %s, finds what fits, and lets the model answer',
    { timeout: 60_000 },
    async ([, isThere, open], { skip }) => {
      skip(!isThere, 'There is no Chroma server.');
      const model = new ScriptedCompletion(['By prompting. [1]', endOf()]);
      const parts = partsWith(model, await open());
      const chain = await chainOver(`${server.url}/post`, parts, true);
      const pieces = await collect(await chain.stream(QUESTION));
      expect(pieces.map(({ text }) => text).join('')).toBe('By prompting. [1]');
      expect(parts.embedded.at(-1)).toBe(QUESTION);
      const [system = '', question] = model.requests[0]!.messages.map(textOfMessage);
      expect(fromPassageBlock(system)[0]).toMatchObject({ index: 1, title: 'Agents' });
      expect(system).toContain('splits a large task');
      expect(system).not.toContain('sold in our shop');
      expect(question).toBe(QUESTION);
    },
  );

  it('fails where its embeddings fail', async () => {
    const parts = { ...partsWith(new ScriptedCompletion([]), createMemoryVectorIndex()), embed: async () => [] };
    await expect(chainOver(`${server.url}/post`, parts, true)).rejects.toMatchObject({ code: 'embedding_failed' });
  });
});
