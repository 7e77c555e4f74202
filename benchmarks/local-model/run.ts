import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomLlamaSizes, writeRandomLlama } from '@parley/worker/testing/tiny-models';
import { Child } from '../processes/child.ts';
import type { DirectSettings, DirectTask } from './programs/direct.ts';
import { askWorker, runningIn, type AskedWorker, type Question } from './streamed-answer.ts';

const SECRET = 'secret-of-this-benchmark';
const MODEL = 'random';
const MOST_PARALLEL = 8;
const PARALLEL = [1, 4, MOST_PARALLEL] as const;
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
  const model = { name: MODEL, model_path: file, parallel: MOST_PARALLEL, context_length: CONTEXT };
  const worker = await Child.start(program('worker'), { secret: SECRET, model });
  const asked = { address: worker.address, secret: SECRET, model: MODEL };
  const direct = await Child.start(program('direct'), {
    file,
    contextSize: CONTEXT,
    sequences: MOST_PARALLEL,
  } satisfies DirectSettings);
  const beforeMiB = Number(await worker.work('memory-before'));
  const memory = { beforeMiB, loadedMiB: Number(await worker.work('memory')) };
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

/**
 * Both take turns, answer by answer: the machine's mood changes within seconds. A ratio is the median
 * of the passes' own ratios.
 */
async function measureThroughput(asked: AskedWorker, direct: Child, { passes, rounds, maxTokens }: Knobs) {
  const ours: Record<number, number[]> = {};
  const theirs: Record<number, number[]> = {};
  for (let pass = -1; pass < passes; pass += 1) {
    for (const parallel of PARALLEL) {
      const mine = { tokens: 0, ms: 0 };
      const yours = { tokens: 0, ms: 0 };
      // As many tokens one after the other as at once: a short measurement is mostly noise.
      for (let turn = 0; turn < (rounds * MOST_PARALLEL) / parallel; turn += 1) {
        const task = { parallel, maxTokens, prompt: `Count the sheep of pass ${pass} ${turn}` };
        add(mine, await workOfWorker(asked, task));
        add(yours, (await direct.work({ ...task, prompt: asTemplate(task.prompt) })) as Work);
      }
      // The first pass warms up.
      if (pass < 0) continue;
      (ours[parallel] ??= []).push(speedOf(mine));
      (theirs[parallel] ??= []).push(speedOf(yours));
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

/** What the worker's template makes of a question: both read the same tokens. */
const asTemplate = (question: string) => `User: ${question}\nAssistant:`;

async function workOfWorker(asked: AskedWorker, { parallel, maxTokens, prompt }: DirectTask): Promise<Work> {
  const begun = performance.now();
  const messages = [userSays(prompt)];
  const answers = await Promise.all(Array.from({ length: parallel }, () => askWorker(asked, { messages, maxTokens })));
  return { tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0), ms: performance.now() - begun };
}

interface Work {
  tokens: number;
  ms: number;
}

function add(sum: Work, { tokens, ms }: Work): void {
  sum.tokens += tokens;
  sum.ms += ms;
}

const speedOf = ({ tokens, ms }: Work) => (tokens / ms) * 1000;

/**
 * The second turn of a conversation: at once, and after so many others that its sequence was given
 * away; against the same prompt where nobody has read its beginning.
 */
async function measureFirstToken(asked: AskedWorker, { history }: Knobs) {
  const times = { reused: [] as number[], restored: [] as number[], readAnew: [] as number[] };
  for (let pass = 0; pass < history; pass += 1) {
    // A token of the random model is a byte of what was typed.
    const story = (name: string) => `${name} ${pass}: ${'sheep and '.repeat(HISTORY_TOKENS / 10)}`;
    const ask = (messages: Message[], maxTokens: number) => askWorker(asked, { messages, maxTokens });
    const firstTurn = async (text: string) => secondTurnOf(text, (await ask([userSays(text)], 8)).text);
    const goingOn = await firstTurn(story('one'));
    times.reused.push((await ask(goingOn, 2)).firstTokenMs);
    const waiting = await firstTurn(story('two'));
    for (let other = 0; other < MOST_PARALLEL; other += 1) await firstTurn(`${other} of ${pass}`);
    times.restored.push((await ask(waiting, 2)).firstTokenMs);
    times.readAnew.push((await ask(secondTurnOf(story('six'), 'unread'), 2)).firstTokenMs);
  }
  const { reused, restored, readAnew } = times;
  return {
    secondTurnToFirst: round(medianRatio(reused, readAnew)),
    restoredToFirst: round(medianRatio(restored, readAnew)),
    reusedMs: round(median(reused)),
    restoredMs: round(median(restored)),
    readAnewMs: round(median(readAnew)),
  };
}

type Message = Question['messages'][number];

const userSays = (content: string): Message => ({ role: 'user', content });

const secondTurnOf = (opening: string, answer: string): Message[] => [
  userSays(opening),
  { role: 'assistant', content: answer },
  userSays('And then?'),
];

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
