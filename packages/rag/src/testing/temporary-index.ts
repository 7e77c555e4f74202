import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKnowledgeIndex, type OpenKnowledgeIndexOptions } from '../index-thread/index.ts';
import type { IndexedChunk, KnowledgeIndex } from '../knowledge/knowledge-index.ts';

/** A real index in a folder of its own, which `remove` closes and deletes. */
export class TemporaryIndex {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-index-'));
  readonly file = join(this.folder, 'index.db');
  readonly #opened: KnowledgeIndex[] = [];

  async open(options: Omit<OpenKnowledgeIndexOptions, 'file'> = {}): Promise<KnowledgeIndex> {
    const index = await openKnowledgeIndex({ file: this.file, ...options });
    this.#opened.push(index);
    return index;
  }

  async remove(): Promise<void> {
    for (const index of this.#opened) await index.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A passage for the index: all of a small document's text, unless told otherwise. */
export function makeIndexedChunk(id: string, text: string, more: Partial<IndexedChunk> = {}): IndexedChunk {
  return { id, text, title: '', headingPath: [], ...more };
}
