import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { modelConfigSchema } from '@parley/worker/config';
import { loadSettings } from '../../settings/load-settings.ts';
import { english } from '../../terminal/messages.en.ts';
import { planWorker } from '../worker-model.ts';
import type { ConfiguredModel } from './configured-model.ts';
import { configuredModels } from './configured-models.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-configured-'));
});

function modelsOf(yaml: string, environment: Record<string, string> = {}): ConfiguredModel[] {
  writeFileSync(join(root, 'parley.config.yaml'), `models:\n${yaml}`);
  return configuredModels(loadSettings({ root, environment, say: english }), root).slice(1);
}

function modelOf(yaml: string, environment?: Record<string, string>): ConfiguredModel {
  const [model] = modelsOf(`  - ${yaml}\n`, environment);
  if (!model) throw new Error('no model');
  return model;
}

describe('a local model', () => {
  const LLAMA = '{ name: qwen, engine: llama-cpp, model_path: qwen.gguf, context_length: 4096, max_gpu_memory: 8GiB }';

  it('is looked for in the models folder, then in the checkout', () => {
    const inHome = join(root, 'data', 'models', 'qwen.gguf');
    expect(modelOf(LLAMA).model.worker['model_path']).toBe(inHome);
    writeFileSync(join(root, 'qwen.gguf'), '');
    expect(modelOf(LLAMA).model.worker['model_path']).toBe(join(root, 'qwen.gguf'));
    mkdirSync(join(root, 'data', 'models'), { recursive: true });
    writeFileSync(inHome, '');
    expect(modelOf(LLAMA).model.worker['model_path']).toBe(inHome);
  });

  it('has settings that its worker accepts, and is shown with them', () => {
    const { model, catalogue } = modelOf(LLAMA);
    expect(modelConfigSchema.parse(model.worker)).toMatchObject({ max_gpu_memory: 8 * 2 ** 30, context_length: 4096 });
    expect(catalogue).toMatchObject({
      kind: 'local',
      context_length: 4096,
      administration: { origin: 'config-file', local: { max_gpu_memory_bytes: 8 * 2 ** 30, gpu_layers: 'auto' } },
    });
  });

  it('sees as many GPUs as it may use, of those that the launcher sees', () => {
    const gpusOf = (count: number, environment = {}) => {
      const { model } = modelOf(`{ name: m, engine: llama-cpp, model_path: /m.gguf, num_gpus: ${count} }`);
      const place = {
        host: '127.0.0.1',
        controllerUrl: '',
        secret: '',
        logLevel: 'warn',
        scratchFolder: '',
        environment,
      };
      return planWorker(model, place, 1).environment;
    };
    expect(gpusOf(2)).toEqual({ CUDA_VISIBLE_DEVICES: '0,1', GGML_VK_VISIBLE_DEVICES: '0,1' });
    expect(gpusOf(0)).toEqual({ CUDA_VISIBLE_DEVICES: '', GGML_VK_VISIBLE_DEVICES: '' });
    expect(gpusOf(1, { CUDA_VISIBLE_DEVICES: '2,3' })).toEqual({
      CUDA_VISIBLE_DEVICES: '2',
      GGML_VK_VISIBLE_DEVICES: '0',
    });
  });
});

describe('an online model', () => {
  it('of a known provider needs no address and no variable', () => {
    const yaml = '{ name: deepseek-flash, engine: openai-compatible, provider: deepseek }';
    expect(modelOf(yaml).catalogue).toMatchObject({ needs_key: 'DEEPSEEK_API_KEY', kind: 'online' });
    const { model, catalogue } = modelOf(yaml, { DEEPSEEK_API_KEY: 'sk-1' });
    expect(model.worker).toMatchObject({ base_url: 'https://api.deepseek.com', api_key: 'sk-1', provider: 'deepseek' });
    expect(catalogue).toMatchObject({ needs_key: null, capabilities: { tools: true } });
    expect(catalogue.context_length).toBeGreaterThan(1000);
  });

  it('of a server that asks for no key waits for none', () => {
    const { model, catalogue } = modelOf('{ name: llama3, engine: openai-compatible, provider: ollama }');
    expect(catalogue.needs_key).toBeNull();
    expect(model.worker['base_url']).toBe('http://127.0.0.1:11434/v1');
  });

  it.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['gemini', 'GEMINI_API_KEY'],
    ['zhipu', 'ZHIPUAI_API_KEY'],
  ])('of %s takes the key of its vendor, and its worker accepts it', (engine, variable) => {
    const yaml = `{ name: m, engine: ${engine} }`;
    expect(modelOf(yaml).catalogue.needs_key).toBe(variable);
    const { model } = modelOf(yaml, { [variable]: 'id.secret' });
    expect(modelConfigSchema.parse(model.worker)).toMatchObject({ engine, api_key: 'id.secret' });
  });

  it('may say what it can, what it costs and who may use it', () => {
    const { catalogue, model } = modelOf(
      `name: m
    engine: gemini
    capabilities: { vision: true }
    prices: { input: 1, output: 2 }
    access: { mode: chosen, users: [ada] }`,
    );
    expect(catalogue).toMatchObject({
      capabilities: { vision: true, tools: false },
      administration: { prices: { currency: 'USD', input: 1, output: 2 }, access: { mode: 'chosen', users: ['ada'] } },
    });
    expect(Object.keys(model.worker).toSorted()).toEqual(['engine', 'name', 'purpose']);
  });
});

it('knows the guide as built in, and a fresh install by models that need only a key', () => {
  const loaded = loadSettings({ root, environment: { OPENAI_API_KEY: 'sk-1' }, say: english });
  const [guide, ...others] = configuredModels(loaded, root);
  expect(guide?.catalogue).toMatchObject({ name: 'parley-guide', administration: { origin: 'built-in' } });
  const ready = others.filter(({ catalogue }) => catalogue.needs_key === null);
  expect(ready.map(({ catalogue }) => catalogue.administration?.provider)).toEqual(['openai', 'openai']);
  for (const { model } of ready) expect(modelConfigSchema.safeParse(model.worker).error).toBeUndefined();
});
