import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openKnowledgeIndex } from '@parley/rag/index-thread';
import { MemoryIndex } from '../ingestion/testing/memory-index.ts';
import { OnDemandIndex } from './on-demand-index.ts';

/** Says what happened to it, in order. */
const told: string[] = [];

class ToldIndex extends MemoryIndex {
  override async close(): Promise<void> {
    told.push('closed');
  }
}

const create = () =>
  new OnDemandIndex({
    file: 'index.db',
    idleMs: 1_000,
    openIndex: async () => {
      told.push('opened');
      return new ToldIndex();
    },
  });

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

it('is opened with the first call, not before', async () => {
  const { words } = await create().open();
  expect(told).toEqual([]);
  await Promise.all([words.position(), words.position()]);
  expect(told).toEqual(['opened']);
});

it('is closed when nothing was asked for a while, and opened again for who still holds it', async () => {
  const { words } = await create().open();
  await words.position();
  await vi.advanceTimersByTimeAsync(900);
  await words.position();
  await vi.advanceTimersByTimeAsync(900);
  expect(told).toEqual(['opened']);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual(['opened', 'closed']);
  await words.position();
  expect(told).toEqual(['opened', 'closed', 'opened']);
});

it('is not closed under a call that takes long', async () => {
  const { words } = await create().open();
  const written = Promise.withResolvers<void>();
  const writing = words.replaceDocument({ baseId: 'base', documentId: 'd' }, chunksAfter(written.promise));
  await words.position();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual(['opened']);
  written.resolve();
  await writing;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual(['opened', 'closed']);
});

it('is tried again when it could not be opened', async () => {
  let attempts = 0;
  const index = new OnDemandIndex({
    file: 'index.db',
    openIndex: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('the disk is full');
      return new MemoryIndex();
    },
  });
  const { words } = await index.open();
  await expect(words.position()).rejects.toThrow('the disk is full');
  expect(await words.position()).toBe(0);
});

it('is not opened again once it is closed for good', async () => {
  const index = create();
  const { words } = await index.open();
  await words.position();
  await index.close();
  await expect(words.position()).rejects.toMatchObject({ code: 'storage_failed' });
  expect(told).toEqual(['opened', 'closed']);
});

it('has after a pause what was written before it', async () => {
  vi.useRealTimers();
  const folder = mkdtempSync(join(tmpdir(), 'parley-on-demand-'));
  const closed: PromiseWithResolvers<void> = Promise.withResolvers();
  const index = new OnDemandIndex({
    file: join(folder, 'index.db'),
    idleMs: 1,
    openIndex: async (file) => {
      const opened = await openKnowledgeIndex({ file });
      return { ...opened, close: () => opened.close().finally(() => closed.resolve()) };
    },
  });
  const { words } = await index.open();
  await words.setPosition(7);
  await closed.promise;
  expect(await words.position()).toBe(7);
  await index.close();
  rmSync(folder, { recursive: true, force: true });
});

async function* chunksAfter(promise: Promise<void>) {
  await promise;
  yield [{ id: 'c', title: '', headingPath: [], text: 'text' }];
}
