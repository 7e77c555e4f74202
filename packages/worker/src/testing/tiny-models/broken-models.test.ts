import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Llama } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeBrokenModels, type BrokenModels } from './broken-models.ts';
import { openLlama } from './open-llama.ts';

let llama: Llama;
let folder: string;
let broken: BrokenModels;

beforeAll(async () => {
  llama = await openLlama();
  folder = mkdtempSync(join(tmpdir(), 'broken-models-'));
  broken = writeBrokenModels(folder);
}, 60_000);

// llama.cpp is not disposed: node-llama-cpp forgets to give back a hold of each load that failed, and
// once that is garbage, `dispose` waits for it for ever. The process ends with this file.
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['truncated', 'Failed to load model'],
  ['html', 'Invalid GGUF magic'],
  ['empty', 'Invalid GGUF magic'],
  ['unknownArchitecture', 'Failed to load model'],
  ['wrongOffset', 'Failed to load model'],
] as const)('the %s file is refused, and the process lives on', async (name, words) => {
  await expect(llama.loadModel({ modelPath: broken[name] })).rejects.toThrow(words);
});

it('the aborting file takes its process down with a signal', async () => {
  expect(await endOfLoading(broken.aborting)).toEqual({ code: null, signal: 'SIGABRT' });
});

async function endOfLoading(file: string): Promise<{ code: unknown; signal: unknown }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load-model.ts'), file], { stdio: 'ignore' });
  const [code, signal] = await once(child, 'exit');
  return { code, signal };
}
