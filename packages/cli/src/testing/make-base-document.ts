import type { BaseDocument } from '@parley/contracts';

/** A document of a base for tests: ready, unless told otherwise. */
export function makeBaseDocument(name: string, more: Partial<BaseDocument> = {}): BaseDocument {
  return {
    id: name,
    base_id: 'base',
    name,
    title: name,
    kind: 'file',
    media_type: 'text/plain',
    size: 1,
    state: 'ready',
    percent: 100,
    error: null,
    is_enabled: true,
    version_id: null,
    version: 1,
    chunks: 2,
    pages: 0,
    characters: 10,
    flags: [],
    created_at: 1_000,
    updated_at: 1_000,
    ...more,
  };
}
