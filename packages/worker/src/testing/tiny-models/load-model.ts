import { openLlama } from './open-llama.ts';

/**
 * Run as a program, `node load-model.ts <file>`: loads that model and ends, for tests of files that
 * take their process down. It cannot be a script on the command line: node-llama-cpp starts a
 * process of its own with the options of this one.
 */
async function main(file: string): Promise<void> {
  const llama = await openLlama();
  const model = await llama.loadModel({ modelPath: file });
  await model.dispose();
}

if (import.meta.main) await main(process.argv[2] ?? '');
