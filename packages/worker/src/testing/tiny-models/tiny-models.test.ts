import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyModels } from './tiny-models.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-models-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('makes the models once', () => {
  const models = tinyModels(folder);
  const before = Object.values(models).map((file) => statSync(file).mtimeMs);
  expect(tinyModels(folder)).toEqual(models);
  expect(Object.values(models).map((file) => statSync(file).mtimeMs)).toEqual(before);
});

it('lets several processes ask at once', async () => {
  const url = pathToFileURL(join(import.meta.dirname, 'tiny-models.ts')).href;
  const script = `const { tinyModels } = await import('${url}'); tinyModels(process.argv[1]);`;
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const home = dirname(tinyModels(folder).chat);
  expect(readdirSync(home).toSorted()).toEqual(['tiny-chat.gguf', 'tiny-embed.gguf', 'tiny-rerank.gguf']);
});
