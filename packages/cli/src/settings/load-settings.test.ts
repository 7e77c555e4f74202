import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '@parley/service-kit';
import { english } from '../terminal/messages.en.ts';
import { loadSettings, readLanguage } from './load-settings.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-settings-'));
});

const load = (environment: Record<string, string> = {}) => loadSettings({ root, environment, say: english });
const writeConfig = (yaml: string) => writeFileSync(join(root, 'parley.config.yaml'), yaml);

describe('loading settings', () => {
  it('needs no file: the defaults listen on loopback at the known ports', () => {
    const { settings, home, configFile } = load();
    expect(settings.server).toMatchObject({ host: '127.0.0.1', port: 8000 });
    expect([settings.gateway.port, settings.controller.port, settings.workers.first_port]).toEqual([
      20_000, 20_001, 20_002,
    ]);
    expect(home).toBe(join(root, 'data'));
    expect(configFile).toBeNull();
  });

  it('lets the environment win over .env, and .env over the file', () => {
    writeConfig('server:\n  port: 8001\ngateway:\n  port: 21000\ncontroller:\n  port: 21001\n');
    writeFileSync(
      join(root, '.env'),
      'PARLEY_SERVER_PORT=8002\nPARLEY_GATEWAY_PORT=21010\nZHIPUAI_API_KEY=id.secret\n',
    );
    const { settings, environment } = load({ PARLEY_SERVER_PORT: '8003' });
    expect([settings.server.port, settings.gateway.port, settings.controller.port]).toEqual([8003, 21_010, 21_001]);
    expect(environment['ZHIPUAI_API_KEY']).toBe('id.secret');
  });

  it('reads lists from variables, separated by commas', () => {
    expect(load({ PARLEY_GATEWAY_API_KEYS: 'sk-one, sk-two' }).settings.gateway.api_keys).toEqual(['sk-one', 'sk-two']);
  });

  it('fetches models from where the hub’s own variables say, unless its own settings say otherwise', () => {
    const hub = { HF_ENDPOINT: 'https://mirror.example.com', HF_TOKEN: 'hf_token' };
    const { server } = load(hub).settings;
    expect([server.hub_endpoint, server.hub_token]).toEqual(['https://mirror.example.com', 'hf_token']);
    writeConfig('server:\n  hub_endpoint: https://ours.example.com\n');
    expect(load(hub).settings.server.hub_endpoint).toBe('https://ours.example.com');
  });

  it('keeps the data where PARLEY_HOME says', () => {
    expect(load({ PARLEY_HOME: '/srv/parley' }).home).toBe('/srv/parley');
  });

  it.each([
    ['a port out of range', 'server:\n  port: 99999\n', /parley\.config\.server\.port/],
    ['an unknown name', 'server:\n  prot: 8000\n', /parley\.config\.server.*prot/s],
    ['a purpose that is none', 'models:\n  - { name: m, engine: zhipu, purpose: draw }\n', /models\.0\.purpose/],
    ['a model without an engine', 'models:\n  - name: m\n', /parley\.config\.models\.0\.engine/],
    [
      'a name that two models have',
      'models:\n  - { name: m, engine: zhipu }\n  - { name: m, engine: zhipu }\n',
      /models\.1\.name: "m" is taken/,
    ],
    ['the guide’s name', 'models:\n  - { name: parley-guide, engine: zhipu }\n', /models\.0\.name/],
    [
      'a size that is none',
      'models:\n  - { name: m, engine: llama-cpp, model_path: /m.gguf, max_gpu_memory: lots }\n',
      /models\.0\.max_gpu_memory: "lots" is no size/,
    ],
    ['an engine that is none', 'models:\n  - { name: m, engine: steam }\n', /models\.0\.engine/],
    ['a setting of another engine', 'models:\n  - { name: m, engine: zhipu, model_path: /m.gguf }\n', /model_path/],
    [
      'a provider that is none',
      'models:\n  - { name: m, engine: openai-compatible, provider: nobody }\n',
      /models\.0\.provider: "nobody" is not known/,
    ],
    ['no address', 'models:\n  - { name: m, engine: openai-compatible }\n', /models\.0\.base_url/],
    ['an unknown policy', 'controller:\n  dispatch_method: fastest\n', /dispatch_method.*shortest_queue/s],
    ['broken YAML', 'server: [\n', /not valid YAML/],
    ['a list for the whole', '- 1\n', /must hold settings by name/],
  ])('names what is wrong: %s', (_, yaml, message) => {
    writeConfig(yaml);
    expect(() => load()).toThrow(ConfigError);
    expect(() => load()).toThrow(message);
  });

  it('names a variable that is no number by its setting', () => {
    expect(() => load({ PARLEY_SERVER_PORT: 'eighty' })).toThrow(/parley\.config\.server\.port/);
  });

  it('refuses a PARLEY_CONFIG that does not exist', () => {
    expect(() => load({ PARLEY_CONFIG: 'gone.yaml' })).toThrow(/gone\.yaml, which does not exist/);
  });
});

it('speaks the language of the settings, also of settings that are wrong', () => {
  const language = (environment: Record<string, string> = {}) => readLanguage({ root, environment });
  expect([language({ LANG: 'zh_CN.UTF-8' }), language({ LANG: 'en_US.UTF-8' })]).toEqual(['zh', 'en']);
  expect(language({ LC_ALL: '', LANG: 'zh_CN.UTF-8' })).toBe('zh');
  writeConfig('language: zh\nserver:\n  port: none\n');
  expect(language({ LANG: 'en_US.UTF-8' })).toBe('zh');
  expect(language({ PARLEY_LANGUAGE: 'en' })).toBe('en');
  writeConfig('language: [');
  expect(language({ LANG: 'zh_CN.UTF-8' })).toBe('zh');
  expect(language({ PARLEY_CONFIG: 'nowhere.yaml' })).toBe('en');
});
