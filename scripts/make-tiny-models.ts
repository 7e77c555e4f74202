import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  randomLlamaSizes,
  writeBrokenModels,
  writeRandomLlama,
  writeTinyChat,
  writeTinyEmbedding,
  writeTinyReranker,
} from '../packages/worker/src/testing/tiny-models/index.ts';

/** `node scripts/make-tiny-models.ts <folder>`: writes every model that tests and benchmarks use. */
function main(folder: string | undefined): void {
  if (!folder) {
    console.error('Name the folder: node scripts/make-tiny-models.ts <folder>');
    process.exitCode = 1;
    return;
  }
  mkdirSync(folder, { recursive: true });
  report('tiny-chat', () => writeTinyChat(join(folder, 'tiny-chat.gguf')));
  report('tiny-embed', () => writeTinyEmbedding(join(folder, 'tiny-embed.gguf')));
  report('tiny-rerank', () => writeTinyReranker(join(folder, 'tiny-rerank.gguf')));
  report('random-small', () => writeRandomLlama(join(folder, 'random-small.gguf')));
  report('random-large', () => writeRandomLlama(join(folder, 'random-large.gguf'), randomLlamaSizes.large));
  const broken = join(folder, 'broken');
  mkdirSync(broken, { recursive: true });
  const files = writeBrokenModels(broken);
  console.log(`broken: ${Object.keys(files).join(', ')}`);
}

function report(name: string, write: () => string): void {
  const start = performance.now();
  const file = write();
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name}: ${(statSync(file).size / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s, ${file}`);
}

if (import.meta.main) main(process.argv[2]);
