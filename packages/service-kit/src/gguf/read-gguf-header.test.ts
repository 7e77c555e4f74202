import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGguf } from '../testing/index.ts';
import { readGgufHeader } from './read-gguf-header.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-gguf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(bytes: Uint8Array | string, name = 'model.gguf'): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}
const problemOf = (bytes: Uint8Array | string) =>
  readGgufHeader(store(bytes)).then(
    () => 'none',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('the header of a model file', () => {
  it('says what the model is', async () => {
    const bytes = makeGguf({
      'general.architecture': 'qwen3',
      'general.name': 'Qwen3 0.6B',
      'general.size_label': '0.6B',
      'general.license': 'apache-2.0',
      'general.languages': ['en', 'zh'],
      'general.file_type': 15,
      'qwen3.context_length': 40_960,
      'tokenizer.chat_template': '{{ messages }}',
    });
    expect(await readGgufHeader(store(bytes))).toMatchObject({
      architecture: 'qwen3',
      name: 'Qwen3 0.6B',
      sizeLabel: '0.6B',
      licence: 'apache-2.0',
      languages: ['en', 'zh'],
      contextLength: 40_960,
      pooling: null,
      chatTemplate: '{{ messages }}',
      fileType: 'Q4_K_M',
      tensorCount: 1,
      purpose: 'chat',
      splitCount: 1,
      fileBytes: bytes.length,
      neededBytes: bytes.length,
    });
  });

  it('is read whole also when its vocabulary is larger than what is read first', async () => {
    const tokens = Array.from({ length: 150_000 }, (_, id) => `token-${id}`);
    const bytes = makeGguf({
      'general.architecture': 'llama',
      'tokenizer.ggml.tokens': tokens,
      'llama.context_length': 7,
    });
    const header = await readGgufHeader(store(bytes));
    expect(header.contextLength).toBe(7);
    expect(header.metadata.has('tokenizer.ggml.tokens')).toBe(false);
    expect(header.neededBytes).toBe(bytes.length);
  });

  it.each([
    ['chat', { 'general.architecture': 'llama' }, 'output.weight'],
    ['embedding', { 'general.architecture': 'bert', 'bert.pooling_type': 1 }, 'token_embd.weight'],
    ['embedding', { 'general.architecture': 'nomic-bert' }, 'token_embd.weight'],
    ['embedding', { 'general.architecture': 'qwen3', 'qwen3.pooling_type': 3 }, 'output.weight'],
    ['rerank', { 'general.architecture': 'bert', 'bert.pooling_type': 4 }, 'token_embd.weight'],
    ['rerank', { 'general.architecture': 'bert' }, 'cls.output.weight'],
  ] as const)('tells that it is for %s: %o', async (purpose, metadata, tensor) => {
    const { purpose: guess } = await readGgufHeader(store(makeGguf(metadata, { [tensor]: 32 })));
    expect(guess).toBe(purpose);
  });
});

describe('a file that is no whole model', () => {
  it('is missed by its path', async () => {
    const missing = readGgufHeader(join(folder, 'none.gguf'));
    await expect(missing).rejects.toMatchObject({
      code: 'model_file_missing',
      message: `There is no model file "${join(folder, 'none.gguf')}".`,
    });
  });

  it.each([
    ['', 'it is empty'],
    ['GG', 'it is cut off after its first bytes'],
    ['GGUF\u0003\0\0', 'it is cut off: it ends after 7 bytes, within its header'],
    ['\n<!DOCTYPE html><html>', 'it is a web page and not a model'],
    ['version https://git-lfs.github.com/spec/v1\noid', 'it is only the pointer that git keeps in place of a model'],
    ['PK\u0003\u0004', 'it is not in the GGUF format'],
  ])('%j is refused with its reason', async (bytes, reason) => {
    expect(await problemOf(bytes)).toBe(`model_file_unreadable: The file "model.gguf" cannot be used: ${reason}.`);
  });

  it('is refused at every length but the full one', async () => {
    const bytes = makeGguf();
    for (let length = 8; length < bytes.length; length += 37) {
      expect(await problemOf(bytes.subarray(0, length))).toContain('it is cut off');
    }
    expect(await problemOf(bytes.subarray(0, -1))).toContain(`${bytes.length - 1} of ${bytes.length} bytes are there`);
  });

  it('is refused for its version', async () => {
    const bytes = makeGguf();
    bytes.writeUInt32LE(9, 4);
    expect(await problemOf(bytes)).toContain('it has version 9 of the format, which is unknown');
    bytes.writeUInt32BE(3, 4);
    expect(await problemOf(bytes)).toContain('it was made for big-endian machines');
  });

  it.each([8, 16, 24])('with an absurd number at byte %i costs neither memory nor time', async (offset) => {
    const bytes = makeGguf();
    bytes.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, offset);
    expect(await problemOf(bytes)).toContain('its header names an impossible length');
    bytes.writeBigUInt64LE(1n << 40n, offset);
    expect(await problemOf(bytes)).toMatch(/its header names|it is cut off/);
  });

  it('whose bytes are random throws nothing but its own error', async () => {
    const bytes = makeGguf();
    for (let round = 0; round < 200; round += 1) {
      const spoilt = Buffer.from(bytes);
      for (let hit = 0; hit < 4; hit += 1) spoilt[8 + ((round * 31 + hit * 97) % 120)] = (round * 7 + hit * 13) % 256;
      expect(await problemOf(spoilt)).toMatch(/^(none|model_file_unreadable: The file "model.gguf" cannot be used)/);
    }
  });

  it('is refused when it is a folder', async () => {
    await expect(readGgufHeader(folder)).rejects.toMatchObject({ code: 'model_file_unreadable' });
  });
});
