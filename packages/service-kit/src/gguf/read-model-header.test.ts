import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGguf } from '../testing/index.ts';
import { readModelHeader } from './read-model-header.ts';
import { filesOfModel, firstFileOf } from './split-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-split-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (part: number) => join(folder, `m-0000${part}-of-00002.gguf`);
function store(part: number, more: Record<string, number | string> = {}, tensor = `blk.${part}.weight`): void {
  const said = part === 1 ? { 'general.architecture': 'bert', 'general.name': 'Tiny' } : {};
  const split = { 'split.no': part - 1, 'split.count': 2, 'split.tensors.count': 2 };
  writeFileSync(place(part), makeGguf({ ...said, ...split, ...more }, { [tensor]: 320 * part }));
}

describe('the files of a model', () => {
  it('are told by the name of any of them', () => {
    const names = ['/models/m-00001-of-00002.gguf', '/models/m-00002-of-00002.gguf'];
    for (const name of names) expect(filesOfModel(name)).toEqual(names);
    expect(firstFileOf('m-00012-of-00099.gguf')).toBe('m-00001-of-00099.gguf');
  });

  it.each(['m.gguf', 'm-00003-of-00002.gguf', 'm-00000-of-00002.gguf', 'm-1-of-2.gguf', 'm-00001-of-00100.gguf'])(
    'are one, where the name does not tell of others: %s',
    (name) => {
      expect(filesOfModel(name)).toEqual([name]);
    },
  );
});

describe('the header of a split model', () => {
  it('is what the first file says, with the sizes of all', async () => {
    store(1);
    store(2);
    const header = await readModelHeader(place(2));
    expect(header).toMatchObject({
      architecture: 'bert',
      name: 'Tiny',
      tensorCount: 2,
      splitCount: 2,
      purpose: 'embedding',
    });
    expect(header.neededBytes).toBe(header.fileBytes);
  });

  it('tells that it ranks also when the tensor that says so is in another file', async () => {
    store(1);
    store(2, {}, 'cls.output.weight');
    expect((await readModelHeader(place(1))).purpose).toBe('rerank');
  });

  it('misses a file by its path', async () => {
    store(1);
    await expect(readModelHeader(place(1))).rejects.toMatchObject({
      code: 'model_file_missing',
      message: `There is no model file "${place(2)}".`,
    });
  });

  it.each([
    [
      { 'general.architecture': 'bert', 'split.no': 0 },
      'part 2 of 2 of a model, and its header that it is part 1 of 2 of a model',
    ],
    [{ 'split.count': 3 }, 'part 2 of 2 of a model, and its header that it is part 2 of 3 of a model'],
    [{ 'split.count': 300 }, 'it is one of 300 parts of a model, and there may be 99 at most'],
    [{ 'split.tensors.count': 5 }, 'it belongs to another model than "m-00001-of-00002.gguf"'],
  ])('is refused when a file says of itself %o', async (more, reason) => {
    store(1);
    store(2, more);
    await expect(readModelHeader(place(1))).rejects.toMatchObject({
      code: 'model_file_unreadable',
      message: expect.stringMatching(new RegExp(`^The file "m-00002-of-00002.gguf" cannot be used: .*${reason}`)),
    });
  });

  it('is refused when tensors are missing', async () => {
    for (const part of [1, 2]) store(part, { 'split.tensors.count': 9 });
    await expect(readModelHeader(place(1))).rejects.toThrow('have 2 tensors, and not the 9 of the model');
  });
});
