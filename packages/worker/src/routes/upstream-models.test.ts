import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MODEL_PROVIDERS, providersOfKey, upstreamModelsSchema } from '@parley/contracts';
import { startFakeVendor, type FakeVendor } from '../testing/fake-vendor.ts';
import { startTestWorker, type TestWorker } from '../testing/start-test-worker.ts';

let vendor: FakeVendor;
let worker: TestWorker;

beforeEach(async () => {
  vendor = await startFakeVendor();
});
afterEach(async () => {
  await worker.close();
  await vendor.close();
});

const start = async (model: object) => {
  worker = await startTestWorker({ name: 'ours', ...model });
};
const openai = (more: object = {}) => ({
  engine: 'openai-compatible',
  base_url: vendor.openaiUrl,
  api_key: vendor.openaiKey,
  ...more,
});
const anthropic = () => ({ engine: 'anthropic', base_url: vendor.anthropicUrl, api_key: vendor.anthropicKey });
const gemini = () => ({ engine: 'gemini', base_url: vendor.geminiUrl, api_key: vendor.geminiKey });
const zhipu = () => ({ engine: 'zhipu', base_url: vendor.zhipuUrl, api_key: vendor.zhipuKey });
const list = async () => {
  const { statusCode, body } = await worker.call('/worker/upstream-models');
  return { status: statusCode, body: await body.json() };
};
const models = async () => upstreamModelsSchema.parse((await list()).body).models;

describe('GET /worker/upstream-models', () => {
  it('names what OpenAI serves, and for what, without what makes sounds and pictures', async () => {
    await start(openai());
    const known = await models();
    const ofPurpose = (purpose: string) => known.filter((model) => model.purpose === purpose).map(({ id }) => id);
    expect(ofPurpose('chat')).toEqual(expect.arrayContaining(['gpt-6-luna', 'gpt-4.1']));
    expect(ofPurpose('embedding')).toEqual(['text-embedding-3-small', 'text-embedding-3-large']);
    expect(known.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['whisper-1']));
  });

  it('reads what other vendors say beside the name', async () => {
    await start(openai({ provider: 'openrouter' }));
    const data = [
      {
        id: 'a/vision',
        name: 'Vision',
        context_length: 1000,
        architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
        supported_parameters: ['tools', 'reasoning'],
      },
      { id: 'served', max_model_len: 4096 },
      { id: 'mistral', max_context_length: 32_768, capabilities: { completion_chat: true, function_calling: true } },
      { id: 'kimi', context_length: 8192, supports_image_in: false, supports_reasoning: true },
      { id: 'BAAI/bge-reranker-v2-m3' },
      { id: 'BAAI/bge-m3' },
      { id: 'flux', type: 'image' },
      { id: 'llama-guard-4-12b', active: true, context_window: 131_072 },
      { id: 'old', active: false },
      { name: 'nothing to call it by' },
    ];
    vendor.answer({ status: 200, body: { object: 'list', data } });
    expect(await models()).toEqual([
      {
        id: 'a/vision',
        label: 'Vision',
        purpose: 'chat',
        context_length: 1000,
        capabilities: { vision: true, tools: true, reasoning: true },
      },
      { id: 'served', label: null, purpose: 'chat', context_length: 4096, capabilities: {} },
      { id: 'mistral', label: null, purpose: 'chat', context_length: 32_768, capabilities: { tools: true } },
      {
        id: 'kimi',
        label: null,
        purpose: 'chat',
        context_length: 8192,
        capabilities: { vision: false, reasoning: true },
      },
      { id: 'BAAI/bge-reranker-v2-m3', label: null, purpose: 'rerank', context_length: null, capabilities: {} },
      { id: 'BAAI/bge-m3', label: null, purpose: 'embedding', context_length: null, capabilities: {} },
    ]);
  });

  it('reads a bare list, and types', async () => {
    await start(openai());
    const body = [
      { id: 'chatty', type: 'chat', display_name: 'Chatty' },
      { id: 'm2-bert', type: 'embedding' },
      { id: 'sings', type: 'audio' },
    ];
    vendor.answer({ status: 200, body });
    expect(await models()).toMatchObject([
      { id: 'chatty', label: 'Chatty', purpose: 'chat' },
      { id: 'm2-bert', purpose: 'embedding' },
    ]);
  });

  it('answers no more models than it can hold', async () => {
    await start(openai());
    const data = Array.from({ length: 5_000 }, (_, place) => ({ id: `model-${place}` }));
    vendor.answer({ status: 200, body: { data } });
    expect(await models()).toHaveLength(2_000);
  });

  it('names what Anthropic serves, with lengths and abilities', async () => {
    await start(anthropic());
    expect(await models()).toContainEqual({
      id: 'claude-sonnet-5-5',
      label: 'Claude Sonnet 5.5',
      purpose: 'chat',
      context_length: 1_000_000,
      capabilities: { vision: true, tools: true, reasoning: true },
    });
  });

  it('reads Anthropic’s list page by page', async () => {
    await start(anthropic());
    const page = (id: string, has_more: boolean) => ({
      status: 200,
      body: { data: [{ type: 'model', id }], has_more, last_id: id },
    });
    vendor.answer(page('claude-one', true), page('claude-two', false));
    expect((await models()).map(({ id }) => id)).toEqual(['claude-one', 'claude-two']);
    expect(vendor.requests.map(({ path }) => path)).toEqual([
      '/anthropic/v1/models?limit=1000',
      '/anthropic/v1/models?limit=1000&after_id=claude-one',
    ]);
  });

  it('gives up a list without an end', async () => {
    await start(anthropic());
    vendor.answerAlways({ status: 200, body: { data: [{ id: 'again' }], has_more: true, last_id: 'again' } });
    expect(await models()).toHaveLength(20);
  });

  it('names what Google serves, page by page, by what its methods and names say', async () => {
    await start(gemini());
    const model = (name: string, method: string) => ({
      name: `models/${name}`,
      displayName: name,
      inputTokenLimit: 1000,
      supportedGenerationMethods: [method],
      thinking: true,
    });
    vendor.answer(
      { status: 200, body: { models: [model('gemini-3.8-flash', 'generateContent')], nextPageToken: 'next page' } },
      {
        status: 200,
        body: {
          models: [
            model('gemini-embedding-001', 'embedContent'),
            model('gemini-3.8-flash-image', 'generateContent'),
            model('veo-4', 'predictLongRunning'),
            model('gemini-3.8-flash-tts', 'generateContent'),
          ],
        },
      },
    );
    expect(await models()).toEqual([
      {
        id: 'gemini-3.8-flash',
        label: 'gemini-3.8-flash',
        purpose: 'chat',
        context_length: 1000,
        capabilities: { vision: true, tools: true, reasoning: true },
      },
      {
        id: 'gemini-embedding-001',
        label: 'gemini-embedding-001',
        purpose: 'embedding',
        context_length: 1000,
        capabilities: { reasoning: true },
      },
    ]);
    expect(vendor.requests[1]?.path).toBe('/v1beta/models?pageSize=1000&pageToken=next%20page');
  });

  it.each([
    ['zhipu', zhipu],
    ['openai-compatible of a vendor without a list', () => openai({ provider: 'doubao' })],
    ['extractive', () => ({ engine: 'extractive' })],
  ])('says plainly that the engine %s has no list', async (_name, model) => {
    await start(model());
    const error = { code: 'invalid_request', message: 'The provider of this model has no list of its models.' };
    expect(await list()).toMatchObject({ status: 400, body: { error } });
  });

  it.each([
    ['a key that is refused', 401, { error: { message: 'no' } }, 502, 'provider_key_refused'],
    ['an answer that is no list', 200, { hello: 'world' }, 502, 'provider_failed'],
  ])('says what is wrong with %s', async (_what, status, body, ours, code) => {
    await start(openai());
    vendor.answer({ status, body });
    expect(await list()).toMatchObject({ status: ours, body: { error: { code } } });
  });
});

describe('the fake vendor', () => {
  it('has keys that are recognised', async () => {
    await start({ engine: 'extractive' });
    const idsOf = (key: string) => providersOfKey(key).map(({ id }) => id);
    expect(idsOf(vendor.anthropicKey)).toEqual(['anthropic']);
    expect(idsOf(vendor.geminiKey)).toEqual(['gemini']);
    expect(idsOf(vendor.zhipuKey)).toEqual(['zhipu']);
    expect(idsOf(vendor.openaiKey)).toContain('openai');
    expect(MODEL_PROVIDERS.length).toBeGreaterThan(20);
  });
});
