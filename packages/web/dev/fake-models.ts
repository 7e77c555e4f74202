import { localSettingsSchema, type AdminModel, type ModelDownload, type ModelOverview } from '@parley/contracts';

const plain = { vision: false, tools: false, reasoning: false };
const idle = {
  pid: 4711,
  address: 'http://127.0.0.1:20002',
  restarts: 0,
  running: 0,
  waiting: 0,
  gpu_memory_bytes: null,
};
const base = {
  connection_id: null,
  upstream_model: null,
  file: null,
  file_bytes: null,
  local: null,
  context_length: null,
  capabilities: plain,
  prices: null,
  loading_percent: null,
  problem: null,
  needs_key: null,
  process: null,
  access: { mode: 'everyone', users: [] },
} satisfies Partial<AdminModel>;

const configured: AdminModel[] = [
  {
    ...base,
    name: 'parley-guide',
    label: 'Parley guide',
    kind: 'extractive',
    engine: 'extractive',
    purpose: 'chat',
    origin: 'built-in',
    state: 'ready',
    process: { ...idle, memory_bytes: 61e6, tokens_per_second: null },
  },
  {
    ...base,
    name: 'glm-5.3',
    label: 'GLM-5.3',
    kind: 'online',
    engine: 'zhipu',
    purpose: 'chat',
    origin: 'config-file',
    state: 'needs-key',
    needs_key: 'ZHIPUAI_API_KEY',
    context_length: 1_000_000,
    capabilities: { vision: true, tools: true, reasoning: true },
  },
  {
    ...base,
    name: 'qwen3-4b-q4',
    label: 'Qwen3 4B',
    kind: 'local',
    engine: 'llama-cpp',
    purpose: 'chat',
    origin: 'page',
    state: 'loading',
    loading_percent: 45,
    file: 'Qwen3-4B-Q4_K_M.gguf',
    file_bytes: 2.5e9,
    context_length: 32_768,
    local: localSettingsSchema.parse({}),
    capabilities: { ...plain, tools: true, reasoning: true },
    access: { mode: 'chosen', users: ['Bob', 'Eve'] },
    process: { ...idle, memory_bytes: 1.3e9, tokens_per_second: 0 },
  },
  {
    ...base,
    name: 'deepseek-flash',
    label: 'DeepSeek Flash',
    kind: 'online',
    engine: 'openai-compatible',
    purpose: 'chat',
    origin: 'page',
    state: 'ready',
    connection_id: 'k1',
    upstream_model: 'deepseek-flash',
    context_length: 1_000_000,
    capabilities: { ...plain, tools: true },
    prices: { currency: 'USD', input: 0.3, output: 1.2 },
    process: { ...idle, memory_bytes: 58e6, running: 3, waiting: 1, tokens_per_second: 84.2 },
  },
  {
    ...base,
    name: 'bge-m3',
    label: 'BGE-M3',
    kind: 'local',
    engine: 'llama-cpp',
    purpose: 'embedding',
    origin: 'page',
    state: 'failed',
    file: 'bge-m3-q8.gguf',
    file_bytes: 635e6,
    local: localSettingsSchema.parse({}),
    problem: 'The file bge-m3-q8.gguf ends too early: it has 480 of 635 MB. Fetch it again.',
  },
];

const vendor = { context_length: 131_072, capabilities: { ...plain, tools: true }, prices: null };
const vendorModels = ['flash', 'pro', 'reasoner', 'coder', 'mini', 'embed', 'vision', 'audio', 'large', 'turbo'].map(
  (name, index) => ({
    ...vendor,
    id: `deepseek-${name}`,
    label: index < 3 ? `DeepSeek ${name}` : null,
    is_recommended: index < 2,
    purpose: name === 'embed' ? 'embedding' : 'chat',
  }),
);

/** FAKE models: answers of the routes for owners, for drawing and trying the page. Nothing is started or fetched. */
export class FakeModels {
  readonly overview: ModelOverview = {
    models: configured,
    connections: [
      {
        id: 'k1',
        provider: 'deepseek',
        name: 'DeepSeek',
        base_url: 'https://api.deepseek.com',
        has_key: true,
        key_hint: '…9aK2',
        created_at: Date.UTC(2026, 10, 3),
      },
    ],
    can_manage: true,
    models_folder: '/home/ada/parley/data/models',
    free_disk_bytes: 81.4e9,
    memory_bytes: 16.6e9,
    free_memory_bytes: 5.9e9,
  };
  readonly downloads: ModelDownload[] = [];

  /** Undefined for what it does not know. */
  answer(method: string, path: readonly string[], body: Record<string, unknown>): unknown {
    const [, what = '', name = '', action = ''] = path;
    if (what === '') return this.overview;
    if (what === 'servers')
      return { servers: [{ provider: 'ollama', label: 'Ollama', base_url: 'http://127.0.0.1:11434/v1' }] };
    if (what === 'library') return library;
    if (what === 'downloads') return this.#download(method, name, body);
    if (what === 'connections') return this.#connection(method, name, action);
    if (action === 'log')
      return { lines: ['11:02:14 listens on 20002', '11:02:15 registered', '11:02:19 loading 45 %'] };
    if (action === 'test')
      return { total_ms: 812, first_token_ms: 203, tokens_per_second: 41.7, answer: 'Hello! How can' };
    return this.overview.models.find((model) => model.name === name);
  }

  #connection(method: string, id: string, action: string): unknown {
    const tested = { model: 'deepseek-flash', total_ms: 640 };
    if (id === 'try')
      return { provider: 'deepseek', base_url: 'https://api.deepseek.com', models: vendorModels, tested };
    if (action === 'models' && method === 'GET') return { models: vendorModels };
    return method === 'DELETE' ? {} : { ...this.overview, connection_id: 'k1' };
  }

  #download(method: string, id: string, body: Record<string, unknown>): unknown {
    if (method === 'DELETE') this.downloads.splice(0);
    if (method !== 'POST' || id !== '') return { downloads: this.downloads };
    const source = String(body['source']);
    const begun: ModelDownload = {
      id: `d${this.downloads.length}`,
      source,
      file: source.split('/').at(-1) ?? '',
      state: 'running',
      received_bytes: 420e6,
      size_bytes: 1_110e6,
      bytes_per_second: 18.4e6,
      seconds_left: 37.5,
      error: null,
      model: null,
      created_at: 0,
    };
    this.downloads.unshift(begun);
    return begun;
  }
}

const library = {
  models: [
    {
      source: 'hf:Qwen/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q4_K_M.gguf',
      label: 'Qwen3 1.7B',
      purpose: 'chat',
      size_bytes: 1_110e6,
      memory_bytes: 1_900e6,
      licence: 'Apache-2.0',
      languages: ['en', 'zh'],
      about: { en: 'Quick on a laptop, speaks many languages.', zh: '在笔记本上也很快，支持多种语言。' },
    },
    {
      source: 'hf:Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf',
      label: 'Qwen3 8B',
      purpose: 'chat',
      size_bytes: 5_030e6,
      memory_bytes: 6_900e6,
      licence: 'Apache-2.0',
      languages: ['en', 'zh', 'de', 'fr'],
      about: { en: 'Writes well; wants a strong machine.', zh: '文笔好，需要较强的机器。' },
    },
  ],
  files: [
    { file: 'Qwen3-4B-Q4_K_M.gguf', size_bytes: 2.5e9, used_by: ['qwen3-4b-q4'] },
    { file: 'own/tuned-model.gguf', size_bytes: 4.1e9, used_by: [] },
  ],
};
