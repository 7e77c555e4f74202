import type { ModelDownload } from '@parley/contracts';

/** A download for tests: it has just begun, unless told otherwise. */
export function makeModelDownload(more: Partial<ModelDownload> = {}): ModelDownload {
  return {
    id: 'd1',
    source: 'hf:tiny/chat/tiny.gguf',
    file: 'tiny.gguf',
    state: 'running',
    received_bytes: 0,
    size_bytes: 1_000_000_000,
    bytes_per_second: 10_000_000,
    seconds_left: 100,
    error: null,
    model: null,
    created_at: 1_000,
    ...more,
  };
}
