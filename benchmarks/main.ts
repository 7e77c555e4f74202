import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What each `benchmarks/NAME/run.ts` exports: runs, and answers its figures, ratios first. */
export interface Benchmark {
  run(options: { json: boolean; args: string[] }): Promise<Record<string, unknown>>;
}

/** `npm run -s bench -- NAME [--json] [options]`. With `--json` the last line is one JSON object. */
export async function main(args: readonly string[]): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const [name = '', ...rest] = args;
  const file = join(folder, name, 'run.ts');
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    const names = readdirSync(folder).filter((entry) => existsSync(join(folder, entry, 'run.ts')));
    console.error(`Usage: npm run -s bench -- NAME [--json]\nBenchmarks: ${names.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const json = rest.includes('--json');
  const benchmark = (await import(pathToFileURL(file).href)) as Benchmark;
  const figures = await benchmark.run({ json, args: rest.filter((arg) => arg !== '--json') });
  if (json) console.log(JSON.stringify(figures));
  // A benchmark may leave sockets that take their time to close; its figures are out.
  process.exit();
}
