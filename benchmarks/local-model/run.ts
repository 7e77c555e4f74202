import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomLlamaSizes, writeRandomLlama } from '@parley/worker/testing/tiny-models';
import { Child } from '../processes/child.ts';
import type { DirectSettings, DirectTask } from './programs/direct.ts';
import { askWorker, runningIn, type AskedWorker } from './streamed-answer.ts';

const SECRET = 'secret-of-this-benchmark';
const MODEL = 'random';
const PARALLEL = [1, 4, 8] as const;
const CONTEXT = 4096;
const HISTORY_TOKENS = 1000;

interface Knobs {
  passes: number;
  rounds: number;
  maxTokens: number;
  aborts: number;
  history: number;
}

/** See README.md. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, unknown>> {
  const knobs = readKnobs(args);
  const file = modelFile();
  const model = { name: MODEL, model_path: file, parallel: 8, context_length: CONTEXT };
  const worker = await Child.start(program('worker'), { secret: SECRET, model });
  const asked = { address: worker.address, secret: SECRET, model: MODEL };
  const direct = await Child.start(program('direct'), {
    file,
    contextSize: CONTEXT,
    sequences: 8,
  } satisfies DirectSettings);
  const memory = { loadedMiB: Number(await worker.work('memory')) };
  const figures = {
    ...(await measureThroughput(asked, direct, knobs)),
    ttft: await measureFirstToken(asked, knobs),
    abort: await measureAbort(asked, knobs),
    memory: { ...memory, closedMiB: Number(await worker.work('close')) },
  };
  worker.stop();
  direct.stop();
  if (!json) console.dir(figures, { depth: 4 });
  return figures;
}

const program = (name: string) => new URL(`programs/${name}.ts`, import.meta.url);

const number = (standard: number) => ({ type: 'string' as const, default: String(standard) });

function readKnobs(args: string[]): Knobs {
  const { values } = parseArgs({
    args,
    options: { passes: number(5), rounds: number(1), tokens: number(96), aborts: number(40), history: number(3) },
  });
  const { passes, rounds, tokens, aborts, history } = values;
  return {
    passes: Number(passes),
    rounds: Number(rounds),
    maxTokens: Number(tokens),
    aborts: Number(aborts),
    history: Number(history),
  };
}

/** 88 million random weights: a token costs what it costs in a real small model. Made once. */
function modelFile(): string {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/benchmarks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'random-88m-q8.gguf');
  return existsSync(file) ? file : writeRandomLlama(file, randomLlamaSizes.large);
}

/** Both take turns, pass by pass; a ratio is the median of the passes' own ratios. */
async function measureThroughput(asked: AskedWorker, direct: Child, { passes, rounds, maxTokens }: Knobs) {
  const ours: Record<number, number[]> = {};
  const theirs: Record<number, number[]> = {};
  for (let pass = -1; pass < passes; pass += 1) {
    for (const parallel of PARALLEL) {
      const lane = { parallel, rounds, maxTokens, prompt: `Count the sheep of pass ${pass}` };
      const mine = await workerSpeed(asked, lane);
      const yours = speedOf((await direct.work(lane)) as Work);
      // The first pass warms up.
      if (pass < 0) continue;
      (ours[parallel] ??= []).push(mine);
      (theirs[parallel] ??= []).push(yours);
    }
  }
  const ratios = PARALLEL.map((parallel) => medianRatio(ours[parallel], theirs[parallel]));
  return {
    throughput: {
      toDirect: round(Math.min(...ratios)),
      byParallel: Object.fromEntries(
        PARALLEL.map((parallel, index) => [
          parallel,
          {
            toDirect: round(ratios[index] ?? 0),
            workerTokensPerSecond: round(median(ours[parallel] ?? [])),
            directTokensPerSecond: round(median(theirs[parallel] ?? [])),
          },
        ]),
      ),
    },
    parallel8: { toOne: round(medianRatio(ours[8], ours[1])), directToOne: round(medianRatio(theirs[8], theirs[1])) },
  };
}

async function workerSpeed(asked: AskedWorker, { parallel, rounds, maxTokens, prompt }: DirectTask): Promise<number> {
  const begun = performance.now();
  const lanes = Array.from({ length: parallel }, async () => {
    let tokens = 0;
    for (let index = 0; index < rounds; index += 1) {
      const messages = [{ role: 'user', content: `${prompt} ${index}` }];
      tokens += (await askWorker(asked, { messages, maxTokens })).tokens;
    }
    return tokens;
  });
  const tokens = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
  return speedOf({ tokens, ms: performance.now() - begun });
}

interface Work {
  tokens: number;
  ms: number;
}

const speedOf = ({ tokens, ms }: Work) => (tokens / ms) * 1000;

/** The second turn of a conversation, against the same prompt where nobody has read its beginning. */
async function measureFirstToken(asked: AskedWorker, { history }: Knobs) {
  const reused: number[] = [];
  const read: number[] = [];
  for (let pass = 0; pass < history; pass += 1) {
    // A token of the random model is a byte of what was typed.
    const story = `${pass}: ${'sheep and '.repeat(HISTORY_TOKENS / 10)}`;
    const first = [{ role: 'user', content: story }];
    const { text } = await askWorker(asked, { messages: first, maxTokens: 8 });
    const turn = (opening: string) => [
      { role: 'user', content: opening },
      { role: 'assistant', content: text },
      { role: 'user', content: 'And then?' },
    ];
    reused.push((await askWorker(asked, { messages: turn(story), maxTokens: 2 })).firstTokenMs);
    read.push((await askWorker(asked, { messages: turn(`another ${story}`), maxTokens: 2 })).firstTokenMs);
  }
  return {
    secondTurnToFirst: round(medianRatio(reused, read)),
    reusedMs: round(median(reused)),
    readAnewMs: round(median(read)),
  };
}

/** From Stop to the moment at which the sequence is free again; half while it writes, half while it reads. */
async function measureAbort(asked: AskedWorker, { aborts }: Knobs) {
  const times: number[] = [];
  for (let index = 0; index < aborts; index += 1) {
    const stop = new AbortController();
    const isReading = index % 2 === 1;
    const content = isReading ? `${index} ${'goats and '.repeat(300)}` : `Count to a thousand, ${index}`;
    const { promise: began, resolve } = Promise.withResolvers<void>();
    const answer = askWorker(asked, {
      messages: [{ role: 'user', content }],
      maxTokens: 2000,
      signal: stop.signal,
      onText: resolve,
    }).catch(() => undefined);
    if (isReading) await untilRunning(asked, 1);
    else await began;
    const stoppedAt = performance.now();
    stop.abort();
    await untilRunning(asked, 0);
    times.push(performance.now() - stoppedAt);
    await answer;
  }
  return { p95Ms: round(percentile(times, 0.95)), medianMs: round(median(times)) };
}

async function untilRunning(asked: AskedWorker, count: number): Promise<void> {
  while ((await runningIn(asked)) !== count);
}

function medianRatio(values: number[] = [], others: number[] = []): number {
  return median(values.map((value, index) => value / (others[index] ?? Number.NaN)));
}

const median = (values: number[]) => percentile(values, 0.5);

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
