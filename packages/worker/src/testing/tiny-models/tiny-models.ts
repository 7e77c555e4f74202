import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeTinyEmbedding } from './bert/write-tiny-embedding.ts';
import { writeTinyReranker } from './bert/write-tiny-reranker.ts';
import { writeTinyChat } from './chat/write-tiny-chat.ts';
import { sourceKey } from './source-key.ts';

/** Where the three models are. */
export interface TinyModels {
  readonly chat: string;
  readonly embedding: string;
  readonly reranker: string;
}

/** The root of the repository, from this file. */
const root = join(import.meta.dirname, '../../../../..');

/**
 * The paths of tiny-chat, tiny-embed and tiny-rerank, made if they are not there (half a second).
 * `folder` keeps a subfolder for each version of the code that makes them; default
 * `node_modules/.cache/tiny-models`. Several processes may ask at once: each file appears whole.
 */
export function tinyModels(folder = join(root, 'node_modules/.cache/tiny-models')): TinyModels {
  const home = join(folder, sourceKey());
  mkdirSync(home, { recursive: true });
  const made = (name: string, write: (file: string) => string) => {
    const file = join(home, name);
    return existsSync(file) ? file : write(file);
  };
  return {
    chat: made('tiny-chat.gguf', (file) => writeTinyChat(file)),
    embedding: made('tiny-embed.gguf', writeTinyEmbedding),
    reranker: made('tiny-rerank.gguf', writeTinyReranker),
  };
}
