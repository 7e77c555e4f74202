import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { IngestionKit } from '../testing/ingestion-kit.ts';
import { FileStore } from './file-store.ts';
import { sweepFiles } from './sweep-files.ts';

let kit: IngestionKit;

beforeEach(async () => {
  kit = new IngestionKit();
  await kit.open();
});

afterEach(() => kit.dispose());

const filesOf = () =>
  readdirSync(join(kit.home, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
const bytesOf = (text: string) => Readable.from([Buffer.from(text)]);

/** A disk that takes so many writes. */
function fullAfter(writes: number) {
  let left = writes;
  return async (path: string) => {
    const handle = await open(path, 'wx');
    return {
      sync: () => handle.sync(),
      close: () => handle.close(),
      write: (async (bytes: Uint8Array) => {
        if ((left -= 1) < 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        return handle.write(bytes);
      }) as typeof handle.write,
    };
  };
}

describe('a stored file', () => {
  it('lies under its hash, closed to others', async () => {
    const { hash, size } = await kit.ingestion.storeFile(bytesOf('hello'));
    expect(hash).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(size).toBe(5);
    expect(readFileSync(kit.ingestion.filePath(hash)!, 'utf8')).toBe('hello');
    expect(kit.ingestion.filePath(hash)).toBe(join(kit.home, 'files', '2c', hash));
  });

  it('is kept once however often it comes', async () => {
    const [one, other] = await Promise.all([
      kit.ingestion.storeFile(bytesOf('x')),
      kit.ingestion.storeFile(bytesOf('x')),
    ]);
    expect(one).toEqual(other);
    expect(filesOf()).toEqual([one.hash]);
  });

  it('that is gone has no path, and no name leads elsewhere', () => {
    expect(kit.ingestion.filePath('0'.repeat(64))).toBeNull();
    expect(() => kit.ingestion.filePath('../../etc/passwd')).toThrow(RangeError);
  });

  it('is refused beyond the limit, and nothing is left of it', async () => {
    expect(MAX_FILE_BYTES).toBe(512 * 1024 ** 2);
    const store = new FileStore({
      folder: join(kit.home, 'files'),
      newId: () => crypto.randomUUID(),
      now: Date.now,
      maxBytes: 1_000,
    });
    const endless = Readable.from(
      (function* () {
        while (true) yield Buffer.alloc(300);
      })(),
    );
    await expect(store.store(endless)).rejects.toMatchObject({ code: 'document_too_large' });
    expect(filesOf()).toEqual([]);
    expect(endless.destroyed).toBe(true);
  });

  it('is refused when the disk is full, and nothing is left of it', async () => {
    const full = kit.create({ openFile: fullAfter(1) });
    const pieces = Readable.from([Buffer.from('one'), Buffer.from('two')]);
    await expect(full.storeFile(pieces)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('full'),
    });
    expect(filesOf()).toEqual([]);
  });

  it('whose sender leaves is nothing', async () => {
    const broken = new Readable({ read() {} });
    broken.push('half');
    const storing = kit.ingestion.storeFile(broken);
    setImmediate(() => broken.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' })));
    await expect(storing).rejects.toMatchObject({ code: 'request_aborted' });
    expect(filesOf()).toEqual([]);
  });
});

describe('the sweep', () => {
  const sweep = () =>
    sweepFiles({
      db: kit.db,
      files: new FileStore({ folder: join(kit.home, 'files'), newId: () => '', now: kit.now }),
      now: kit.now,
      keepMs: 60_000,
    });
  const age = (hash: string) => utimesSync(kit.ingestion.filePath(hash)!, 1, 1);

  it('removes what no version and no job names, once it is old', async () => {
    const baseId = await kit.addBase();
    const unnamed = await kit.ingestion.storeFile(bytesOf('unnamed'));
    const young = await kit.ingestion.storeFile(bytesOf('young'));
    await kit.addFile(baseId, 'waiting.txt', 'waiting');
    for (const hash of filesOf()) if (hash !== young.hash) age(hash);
    expect(await sweep()).toBe(1);
    expect(filesOf()).toHaveLength(2);
    expect(kit.ingestion.filePath(unnamed.hash)).toBeNull();
  });

  it('spares an old file that has just come again', async () => {
    const { hash } = await kit.ingestion.storeFile(bytesOf('again'));
    age(hash);
    await kit.ingestion.storeFile(bytesOf('again'));
    expect(await sweep()).toBe(0);
  });

  it('removes at the start what a server that died was receiving, and the files of removed documents', async () => {
    const baseId = await kit.addBase();
    kit.ingestion.start();
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'ready');
    await kit.ingestion.removeDocument(id);
    for (const hash of filesOf()) age(hash);
    const half = kit.create({ openFile: async (path) => open(path, 'wx') });
    void half.storeFile(new Readable({ read() {} }));
    await waitUntil(() => filesOf().length === 2, 'half a file lies there');
    await kit.restart();
    await waitUntil(() => filesOf().length === 0, 'nothing is left');
    expect(filesOf()).toEqual([]);
  });
});
