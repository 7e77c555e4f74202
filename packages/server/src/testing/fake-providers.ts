import type { ModelProvider, VendorModel } from '@parley/contracts';

const plain = { context_length: null, prices: null, is_recommended: false };
const nothing = { vision: false, tools: false, reasoning: false };

const large: VendorModel = {
  id: 'acme-large',
  label: 'Acme Large',
  purpose: 'chat',
  context_length: 128_000,
  capabilities: { vision: true, tools: true, reasoning: false },
  prices: { currency: 'USD', input: 1, output: 4 },
  is_recommended: true,
};
const embed: VendorModel = { ...plain, id: 'acme-embed', label: null, purpose: 'embedding', capabilities: nothing };

const vendor: ModelProvider = {
  id: 'acme',
  label: 'Acme',
  engine: 'openai-compatible',
  baseUrl: 'https://api.acme.example/v1',
  key: 'required',
  keyVariable: 'ACME_API_KEY',
  keyPattern: null,
  keyPage: null,
  localServer: null,
  quirks: {},
  models: [large, embed],
};

/** FAKE providers: a vendor, one without a list, a server of this machine, and one that a person names. */
export const FAKE_PROVIDERS: readonly ModelProvider[] = [
  vendor,
  { ...vendor, id: 'listless', label: 'Listless', engine: 'zhipu', quirks: { modelsPath: null } },
  {
    ...vendor,
    id: 'box',
    label: 'Box server',
    baseUrl: 'http://127.0.0.1:5555/v1',
    key: 'optional',
    localServer: { ports: [5555], path: '/v1/models', marker: '"owned_by":"box"' },
    models: [],
  },
  {
    ...vendor,
    id: 'quiet-box',
    label: 'Quiet box',
    baseUrl: 'http://127.0.0.1:5556/v1',
    key: 'optional',
    localServer: { ports: [5556], path: '/v1/models', marker: null },
    models: [],
  },
  { ...vendor, id: 'custom', label: 'Another server', baseUrl: null, key: 'optional', models: [] },
];
