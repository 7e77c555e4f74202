/** A vendor's account, or another server. */
export interface ModelConnectionTable {
  id: string;
  provider: string;
  name: string;
  base_url: string;
  /** Sealed with the installation's secret; null without a key. */
  sealed_key: string | null;
  key_hint: string | null;
  created_at: number;
  updated_at: number;
}

/** Models that were added on the page. Of a model of the configuration file only the access is kept. */
export interface ModelTable {
  name: string;
  origin: 'page' | 'config-file';
  label: string;
  purpose: 'chat' | 'embedding' | 'rerank';
  /** Of an online model. */
  connection_id: string | null;
  /** Of a local model: a name within the models folder, or an absolute path. */
  file: string | null;
  /** What its kind has, as JSON. */
  settings: string;
  access: 'everyone' | 'owner' | 'chosen';
  is_released: number;
  /** Place in the picker, after the configured ones. */
  position: number;
  created_at: number;
  updated_at: number;
}

/** Who may use a model whose access is `chosen`. */
export interface ModelUserTable {
  model: string;
  user_id: string;
}

export interface ModelDownloadTable {
  id: string;
  source: string;
  /** Name within the models folder. */
  file: string;
  state: 'queued' | 'running' | 'checking' | 'done' | 'failed' | 'paused';
  received_bytes: number;
  size_bytes: number | null;
  etag: string | null;
  sha256: string | null;
  /** Code and sentence, as JSON. */
  error: string | null;
  add_model: number;
  /** The model that was made of it. */
  model: string | null;
  created_at: number;
  updated_at: number;
}
