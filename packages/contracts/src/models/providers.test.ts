import { describe, expect, it } from 'vitest';
import { vendorModelSchema } from './capabilities.ts';
import { MODEL_PROVIDERS, providerNamed, providersOfKey, vendorAt } from './providers.ts';

const idsOf = (key: string) => providersOfKey(key).map(({ id }) => id);
const FITS_SEVERAL = ['openai', 'deepseek', 'qwen', 'qwen-intl', 'moonshot', 'moonshot-intl', 'siliconflow'];

describe('the providers', () => {
  it('have names of their own', () => {
    expect(new Set(MODEL_PROVIDERS.map(({ id }) => id)).size).toBe(MODEL_PROVIDERS.length);
    expect(providerNamed('deepseek')?.label).toBe('DeepSeek');
    expect(providerNamed('nobody')).toBeUndefined();
  });

  it.each(MODEL_PROVIDERS.filter(({ id }) => id !== 'custom'))('$id says where its API starts', ({ baseUrl }) => {
    expect(new URL(baseUrl ?? '').href.replace(/\/$/, '')).toBe(baseUrl);
  });

  it('leave the address of any other server to a person', () => {
    expect(providerNamed('custom')).toMatchObject({ baseUrl: null, localServer: null, key: 'optional' });
  });

  it.each(MODEL_PROVIDERS.filter(({ key }) => key === 'required'))(
    '$id says where a key is got and kept, and what to begin with',
    ({ keyVariable, keyPage, models }) => {
      expect(keyVariable).toMatch(/^[A-Z_]+$/);
      expect(new URL(keyPage ?? '').protocol).toBe('https:');
      expect(models.some(({ is_recommended, purpose }) => is_recommended && purpose === 'chat')).toBe(true);
    },
  );

  it.each(MODEL_PROVIDERS.filter(({ localServer }) => localServer !== null))(
    '$id is looked for where it listens',
    ({ baseUrl, localServer }) => {
      expect(new URL(baseUrl ?? '').port).toBe(String(localServer?.ports[0]));
    },
  );

  it.each(MODEL_PROVIDERS.flatMap(({ id, models }) => models.map((model) => ({ provider: id, ...model }))))(
    '$provider: $id is a model as lists have it',
    ({ provider: _provider, ...model }) => {
      expect(vendorModelSchema.parse(model)).toEqual(model);
    },
  );

  it.each(MODEL_PROVIDERS)('$id names each model once, the recommended first of their kind', ({ models }) => {
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
    for (const purpose of ['chat', 'embedding', 'rerank'] as const) {
      const flags = models.filter((model) => model.purpose === purpose).map(({ is_recommended }) => is_recommended);
      expect(flags).toEqual(flags.toSorted((one, other) => Number(other) - Number(one)));
    }
  });
});

describe('an address', () => {
  it.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://api.deepseek.com/v1', 'deepseek'],
    ['https://generativelanguage.googleapis.com/v1beta/openai', undefined],
    ['http://127.0.0.1:11434/v1', undefined],
    ['https://mirror.example.com/v1', undefined],
    ['nowhere', undefined],
  ])('%s is that of %s', (address, provider) => {
    expect(vendorAt(address)?.id).toBe(provider);
  });
});

describe('a key', () => {
  it.each([
    [`${'0a1b2c3d'.repeat(4)}.AbCdEfGh12345678`, 'zhipu'],
    ['sk-ant-api03-abcdefghijklmnopqrstuvwxyz', 'anthropic'],
    ['sk-proj-abcdefghijklmnopqrstuvwxyz', 'openai'],
    [`AIza${'Sy0_-'.repeat(7)}`, 'gemini'],
    ['sk-or-v1-abcdefghijklmnopqrstuvwxyz', 'openrouter'],
    ['gsk_abcdefghijklmnopqrstuvwxyz', 'groq'],
    ['xai-abcdefghijklmnopqrstuvwxyz', 'xai'],
    ['tgp_v1_abcdefghijklmnopqrstuvwxyz', 'together'],
    ['01234567-89ab-cdef-0123-456789abcdef', 'doubao'],
  ])('%s belongs to one provider, %s', (key, provider) => {
    expect(idsOf(` ${key}\n`)).toEqual([provider]);
  });

  it('may be of one of two regions', () => {
    expect(idsOf('sk-api-abcdefghijklmnopqrstuvwxyz')).toEqual(['minimax', 'minimax-intl']);
  });

  it('of the plain form fits several', () => {
    expect(idsOf('sk-0123456789abcdef0123456789abcdef')).toEqual(FITS_SEVERAL);
  });

  it.each(['', 'sk-', 'hello', '0123456789abcdef0123456789abcdef'])('%j tells nothing', (key) => {
    expect(idsOf(key)).toEqual([]);
  });
});

describe('differences of some models', () => {
  const quirksOf = (provider: string, model: string) =>
    (providerNamed(provider)?.quirks.ofModels ?? []).filter(({ ids }) => ids.test(model));

  it.each([
    ['openai', 'gpt-4.1', 0],
    ['openai', 'gpt-5.4-mini', 1],
    ['openai', 'gpt-5.6-terra', 2],
    ['openai', 'gpt-6.1-sol', 2],
    ['openai', 'o4-mini', 1],
    ['moonshot', 'kimi-k3', 1],
    ['moonshot', 'moonshot-v1-8k', 0],
  ])('%s: %s has %i', (provider, model, count) => {
    expect(quirksOf(provider, model)).toHaveLength(count);
  });
});
