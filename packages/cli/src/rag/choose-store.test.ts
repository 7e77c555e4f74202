import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';
import { chooseStore, type StoreOptions } from './choose-store.ts';

const root = mkdtempSync(join(tmpdir(), 'parley-stores-'));
afterAll(() => rmSync(root, { recursive: true }));

function choose(options: StoreOptions, environment: Record<string, string> = {}) {
  return chooseStore({ root, say: english, loaded: loadSettings({ root, environment, say: english }) }, options);
}

const OWN = { PARLEY_SERVER_CHROMA_URL: 'http://chroma.internal:8001', PARLEY_SERVER_CHROMA_TOKEN: 'secret' };

describe('the store', () => {
  it.each([
    [{}, { kind: 'memory', collection: 'rag' }],
    [{ store: 'memory' }, { kind: 'memory', collection: 'rag' }],
    [{ collection: '笔记' }, { kind: 'embedded', collection: '笔记', file: join(root, 'data/collections/笔记.db') }],
    [{ store: 'embedded' }, { kind: 'embedded', collection: 'rag', file: join(root, 'data/collections/rag.db') }],
  ])('of %j is %j', (options, choice) => {
    expect(choose(options)).toEqual(choice);
  });

  it('is the Chroma server that is named, or that of the settings, whose token goes to no other', () => {
    const named = { chromaUrl: 'http://127.0.0.1:9', embeddingModel: 'm' };
    expect(choose(named)).toMatchObject({ kind: 'chroma', chroma: { url: 'http://127.0.0.1:9', token: null } });
    expect(choose(named, OWN)).toMatchObject({ chroma: { token: null } });
    const own = { store: 'chroma', embeddingModel: 'm', collection: 'notes' };
    expect(choose(own, OWN)).toEqual({
      kind: 'chroma',
      collection: 'notes',
      chroma: { url: OWN.PARLEY_SERVER_CHROMA_URL, token: 'secret' },
    });
  });

  it.each([
    [{ store: 'milvus' }, /memory, embedded or chroma; "milvus"/],
    [{ store: 'chroma', embeddingModel: 'm' }, /Name the Chroma server/],
    [{ chromaUrl: 'http://127.0.0.1:9' }, /--embedding-model/],
    [{ chromaUrl: 'ftp://x', embeddingModel: 'm' }, /"ftp:\/\/x" is no address/],
    [{ chromaUrl: 'http://127.0.0.1:9', store: 'embedded' }, /goes with --store chroma/],
    [{ store: 'memory', collection: 'notes' }, /keeps no collection/],
    [{ collection: '../../etc/passwd' }, /cannot name a collection/],
    [{ collection: '.' }, /cannot name a collection/],
  ])('cannot be %j', (options, sentence) => {
    expect(() => choose(options)).toThrow(expect.objectContaining({ message: expect.stringMatching(sentence) }));
  });
});
