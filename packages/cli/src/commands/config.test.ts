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
