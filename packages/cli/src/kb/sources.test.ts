import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KnowledgeBase } from '@parley/contracts';
import { english as say } from '../terminal/messages.en.ts';
import { findBase } from './find-base.ts';
import { toSources } from './local-files.ts';

describe('what is named to be added', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-add-'));
    mkdirSync(file('sub'));
    for (const name of ['a.txt', 'sub/a.txt', 'b.txt']) writeFileSync(file(name), 'x');
    writeFileSync(file('large.bin'), '');
    truncateSync(file('large.bin'), 600 * 1024 ** 2);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is an address or a file, each once', () => {
    expect(toSources(['https://example.com/x', file('a.txt'), file('b.txt'), file('a.txt')], say)).toEqual([
      { kind: 'page', url: 'https://example.com/x' },
      { kind: 'file', path: file('a.txt'), name: 'a.txt' },
      { kind: 'file', path: file('b.txt'), name: 'b.txt' },
    ]);
  });

  it.each([
    [['gone.txt'], /There is no file/],
    [['sub/'], /is a folder\. Name its files, such as [^ ]*sub\/\*,/],
    [['large.bin'], /too large: a file may have at most 512 MB/],
    [['a.txt', 'sub/a.txt'], /have the same name/],
  ])('is refused for %j, before anything is sent', (names, sentence) => {
    expect(() => toSources(names.map(file), say)).toThrow(sentence);
  });
});

describe('a base', () => {
  const base = (id: string, name: string) => ({ id, name }) as KnowledgeBase;
  const bases = [
    base('1', 'Office'),
    base('2', 'office'),
    base('3', 'Twins'),
    base('4', 'Twins'),
    base('5', 'Manuals'),
  ];
  const find = (name: string) => findBase({ list: async () => ({ bases, vector_stores: [] }) }, name, say);

  it('is found by its id, its name, or its name in another case', async () => {
    expect((await find('3')).id).toBe('3');
    expect((await find('office')).id).toBe('2');
    expect((await find('MANUALS')).id).toBe('5');
  });

  it('is not guessed', async () => {
    await expect(find('Twins')).rejects.toThrow('Name one by its id: 3, 4.');
    await expect(find('OFFICE')).rejects.toThrow('Name one by its id: 1, 2.');
    await expect(find('Other')).rejects.toThrow('no knowledge base "Other"');
  });
});
