import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelConfigSchema, type LlamaCppModel } from '../../config.ts';
import { openLlama } from '../../testing/tiny-models/open-llama.ts';
import { tinyModels, writeSplitTinyChat } from '../../testing/tiny-models/index.ts';
import { forecast } from './load/memory-forecast.ts';
import { readInsights } from './load/read-model-file.ts';
import { startLocalWorker, textOf } from './testing/start-local-worker.ts';

let folder: string;
let parts: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-split-'));
  parts = writeSplitTinyChat(join(folder, 'tiny'), 3);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a model says to a few questions, one of them drawn by chance. */
async function answersOf(model_path: string): Promise<string[]> {
  const worker = await startLocalWorker({ model_path });
  const answers = [
    textOf(await worker.chunks('Hello there, General Kenobi!')),
    textOf(await worker.chunks('/help')),
    textOf(await worker.chunks('/dice', { temperature: 1, seed: 7, max_tokens: 40 })),
  ];
  expect(await worker.status()).toMatchObject({ state: 'ready', context_length: 8192 });
  await worker.close();
  return answers;
}

describe('a model that is split into files', () => {
  it('answers as the whole one does, whichever file the settings name', async () => {
    const whole = await answersOf(tinyModels().chat);
    expect(whole[0]).toBe('Hello there, General Kenobi!');
    expect(await answersOf(parts[0]!)).toEqual(whole);
    expect(await answersOf(parts[2]!)).toEqual(whole);
  });

  it('is forecast to need the memory of all its files', async () => {
    const llama = await openLlama();
    const free = { ram: 1e12, gpu: 0 };
    const predict = async (model_path: string) => {
      const model = modelConfigSchema.parse({ engine: 'llama-cpp', name: 'm', model_path }) as LlamaCppModel;
      const insights = await readInsights(model_path, llama);
      return forecast(insights, { model, llama, free })({ contextLength: 512, sequences: 1 });
    };
    expect(await predict(parts[0]!)).toEqual(await predict(tinyModels().chat));
    await llama.dispose();
  });
});

describe('a split model of which a file is not right', () => {
  const refusal = (model_path: string) =>
    startLocalWorker({ model_path }).then(
      () => null,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    );

  it('is refused by the name of the file that is missing', async () => {
    const [first = '', second = ''] = writeSplitTinyChat(join(folder, 'missing'), 3);
    rmSync(second);
    const missing = { code: 'model_file_missing', message: `There is no model file "${second}".` };
    expect(await refusal(first)).toEqual(missing);
    expect(await refusal(second)).toEqual(missing);
  });

  it('is refused by the name of the file that is cut off, or of another model', async () => {
    const [first = '', , third = ''] = writeSplitTinyChat(join(folder, 'cut'), 3);
    writeFileSync(third, readFileSync(third).subarray(0, 100_000));
    expect(await refusal(first)).toMatchObject({
      code: 'model_file_unreadable',
      message: expect.stringMatching(/"cut-00003-of-00003\.gguf" cannot be used: it is cut off/),
    });
    writeFileSync(third, readFileSync(parts[1]!));
    expect(await refusal(first)).toMatchObject({
      code: 'model_file_unreadable',
      message: expect.stringMatching(/"cut-00003-of-00003\.gguf" cannot be used: .* its header .* part 2 of 3/),
    });
  });
});
