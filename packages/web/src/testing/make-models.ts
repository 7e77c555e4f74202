import type {
  AdminModel,
  LibraryModel,
  ModelConnection,
  ModelDownload,
  ModelOverview,
  ModelView,
  VendorModel,
} from '@parley/contracts';

const PLAIN = { vision: false, tools: false, reasoning: false };

/** A model of the picker that is ready; what a test is about is named, the rest is plain. */
export function makeModelView(part: Partial<ModelView> & { name: string }): ModelView {
  return {
    label: part.name,
    kind: 'online',
    engine: 'openai-compatible',
    needs_key: null,
    knowledge: null,
    purpose: 'chat',
    context_length: null,
    capabilities: PLAIN,
    state: 'ready',
    loading_percent: null,
    ...part,
  };
}

export function makeAdminModel(part: Partial<AdminModel> & { name: string }): AdminModel {
  return {
    label: part.name,
    kind: 'online',
    engine: 'openai-compatible',
    purpose: 'chat',
    origin: 'page',
    connection_id: null,
    upstream_model: null,
    file: null,
    file_bytes: null,
    local: null,
    context_length: null,
    capabilities: PLAIN,
    prices: null,
    concurrency: null,
    access: { mode: 'everyone', users: [] },
    state: 'ready',
    loading_percent: null,
    problem: null,
    needs_key: null,
    process: null,
    ...part,
  };
}

export function makeConnection(part: Partial<ModelConnection> & { id: string }): ModelConnection {
  const plain = { provider: 'deepseek', name: 'DeepSeek', base_url: 'https://api.deepseek.com', has_key: true };
  return { ...plain, key_hint: '…9aK2', created_at: 0, ...part };
}

export function makeOverview(part: Partial<ModelOverview> = {}): ModelOverview {
  const machine = { free_disk_bytes: 80e9, memory_bytes: 16e9, free_memory_bytes: 6e9 };
  return { models: [], connections: [], can_manage: true, models_folder: '/data/models', ...machine, ...part };
}

export function makeVendorModel(part: Partial<VendorModel> & { id: string }): VendorModel {
  const plain = { label: null, context_length: null, capabilities: PLAIN, prices: null, is_recommended: false };
  return { ...plain, purpose: 'chat', ...part };
}

export function makeLibraryModel(part: Partial<LibraryModel> = {}): LibraryModel {
  return {
    source: 'hf:acme/tiny/tiny.gguf',
    label: 'Tiny 1B',
    purpose: 'chat',
    size_bytes: 800e6,
    memory_bytes: 1.2e9,
    licence: 'Apache-2.0',
    languages: ['en', 'zh'],
    about: { en: 'Small and quick.', zh: '小而快。' },
    ...part,
  };
}

/** A download that runs. */
export function makeDownload(part: Partial<ModelDownload> & { id: string }): ModelDownload {
  return {
    source: 'hf:acme/tiny/tiny.gguf',
    file: 'tiny.gguf',
    state: 'running',
    received_bytes: 200e6,
    size_bytes: 800e6,
    bytes_per_second: 10e6,
    seconds_left: 60,
    error: null,
    model: null,
    created_at: 0,
    ...part,
  };
}
