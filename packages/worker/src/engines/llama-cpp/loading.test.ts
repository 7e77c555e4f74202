import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort, silentLogger } from '@parley/service-kit/testing';
import { startWorker, workerConfigSchema, type WorkerSeams } from '../../start.ts';
import { tinyModels, writeBrokenModels } from '../../testing/tiny-models/index.ts';
import { startLocalWorker } from './testing/start-local-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-loading-'));
const broken = writeBrokenModels(folder);
const { chat, embedding, reranker } = tinyModels();
afterAll(() => rmSync(folder, { recursive: true }));

const secret = 'test-installation-secret';
const start = (model: object, seams: WorkerSeams = {}) => {
  const local = { engine: 'llama-cpp', name: 'tiny', threads: 1, ...model };
  const settings = { secret, controller_url: 'http://127.0.0.1:1', registers: false, model: local };
  return startWorker(workerConfigSchema.parse(settings), { logger: silentLogger(), ...seams });
};

describe('a worker that loads a model', () => {
  it('tells how far it is, answers with model_loading meanwhile, and chats afterwards', async () => {
    const percents: (number | null)[] = [];
    const worker = await startLocalWorker({}, { onLoading: (percent) => percents.push(percent) });
    expect(percents[0]).toBeNull();
    expect(percents.at(-1)).toBe(100);
    expect(await worker.status()).toMatchObject({
      state: 'ready',
      loading_percent: null,
      concurrency: 4,
      context_length: 8192,
    });
    expect((await worker.ask('Hi')).choices[0]?.message.content).toBe('Hi');
    expect(worker.controller.calls[0]?.body).toMatchObject({ worker_status: { concurrency: 4 } });
    await worker.close();
  });

  it('listens before it has loaded', async () => {
    const answers: Promise<[unknown, unknown]>[] = [];
    const port = await freePort();
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const ask = async (path: string, body?: object) => {
      const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      return (await fetch(`http://127.0.0.1:${port}${path}`, init)).json() as unknown;
    };
    const onLoading = () => {
      const question = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }] };
      if (answers.length === 0)
        answers.push(Promise.all([ask('/worker/status'), ask('/v1/chat/completions', question)]));
    };
    const local = { engine: 'llama-cpp', name: 'tiny', threads: 1, model_path: chat };
    const settings = { secret, controller_url: 'http://127.0.0.1:1', registers: false, port, model: local };
    const worker = await startWorker(workerConfigSchema.parse(settings), { logger: silentLogger(), onLoading });
    const [status, refused] = (await answers[0]) ?? [];
    expect(status).toMatchObject({ state: 'loading' });
    expect(refused).toMatchObject({ error: { code: 'model_loading' } });
    await worker.close();
  });

  it.each([
    ['a file that is not there', { model_path: '/nowhere/model.gguf' }, 'model_file_missing', /nowhere\/model\.gguf/],
    ['a folder', { model_path: folder }, 'model_file_unreadable', /it is a folder/],
    ['an empty file', { model_path: broken.empty }, 'model_file_unreadable', /empty\.gguf.*it is empty/],
    ['a web page', { model_path: broken.html }, 'model_file_unreadable', /html\.gguf.*web page/],
    ['a file that was cut off', { model_path: broken.truncated }, 'model_file_unreadable', /truncated\.gguf.*cut off/],
    ['a tensor in a wrong place', { model_path: broken.wrongOffset }, 'model_file_unreadable', /wrong-offset\.gguf/],
    ['a kind that nobody knows', { model_path: broken.unknownArchitecture }, 'model_file_unreadable', /parley-unknown/],
    [
      'ranking with a chat model',
      { model_path: chat, purpose: 'rerank' },
      'model_file_unreadable',
      /no reranking model/,
    ],
    ['a chat with an embedding model', { model_path: embedding }, 'model_file_unreadable', /cannot write answers/],
    ['a chat with a reranking model', { model_path: reranker }, 'model_file_unreadable', /cannot write answers/],
    [
      'embeddings of a reranking model',
      { model_path: reranker, purpose: 'embedding' },
      'model_file_unreadable',
      /makes no embeddings/,
    ],
  ])('refuses %s, and leaves nothing open', async (_, model, code, message) => {
    await expect(start(model)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses settings that need more memory than there is, and names both', async () => {
    const huge = { model_path: chat, context_length: 10_000_000, parallel: 200 };
    const message = /tiny-chat\.gguf needs [\d,]+ GB of memory with these settings, and [\d.]+ GB are free/;
    await expect(start(huge)).rejects.toMatchObject({
      code: 'model_too_large',
      message: expect.stringMatching(message),
    });
  });
});
