import { expect, it } from 'vitest';
import { hideSecrets } from './config.ts';

it('hides every value of a secret name, at any depth, and shows where none is set', () => {
  const settings = {
    gateway: { api_keys: ['sk-one', 'sk-two'], port: 20_000 },
    models: [{ name: 'm', api_key: 'sk-three', headers: { authorization: 'sk-four' } }, { name: 'n' }],
    controller: { api_keys: [] },
    server: { chroma_token: 'sk-five', hub_token: 'sk-six', memory_tokens: 2_000 },
  };
  const shown = hideSecrets(settings);
  expect(JSON.stringify(shown)).not.toContain('sk-');
  expect(shown).toEqual({
    gateway: { api_keys: ['[hidden]', '[hidden]'], port: 20_000 },
    models: [{ name: 'm', api_key: '[hidden]', headers: '[hidden]' }, { name: 'n' }],
    controller: { api_keys: [] },
    server: { chroma_token: '[hidden]', hub_token: '[hidden]', memory_tokens: 2_000 },
  });
});

it('hides the name and the password of an address', () => {
  const settings = { models: [{ base_url: 'https://ada:pass@host/v1' }], hub_mirrors: ['http://key@mirror'] };
  expect(hideSecrets(settings)).toEqual({
    models: [{ base_url: 'https://[hidden]@host/v1' }],
    hub_mirrors: ['http://[hidden]@mirror'],
  });
  expect(hideSecrets('http://127.0.0.1:8000/a@b')).toBe('http://127.0.0.1:8000/a@b');
});
