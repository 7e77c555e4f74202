import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

/** Long, nowhere the same seven bytes twice, and each opening its own. */
const opening = (name: string) => Array.from({ length: 50 }, (_, place) => `${name}${place * 7919}`).join(' ');
const firstTurn = (name: string) => [{ role: 'user', content: opening(name) }];
const secondTurn = (name: string) => [
  ...firstTurn(name),
  { role: 'assistant', content: opening(name).slice(0, 5) },
  { role: 'user', content: `And now, ${name}?` },
];
const NAMES = ['ann', 'bob', 'cleo', 'dan', 'eve'];
const MINUTE = 60_000;

let scratch: string;
let folder: string;
/** What the workers take for the time: it stands, so that no save is too slow to be worth it. */
let now: number;
const workers: LocalWorker[] = [];
beforeEach(() => {
  now = 0;
  scratch = mkdtempSync(join(tmpdir(), 'parley-cache-test-'));
  folder = join(scratch, 'prompts');
});
afterEach(async () => {
  vi.useRealTimers();
  for (const worker of workers.splice(0)) await worker.close();
  rmSync(scratch, { recursive: true });
});

async function start(model: object = {}): Promise<LocalWorker> {
  const worker = await startLocalWorker(
    { context_length: 2048, parallel: 2, ...model },
    { now: () => now },
    { scratch_folder: scratch },
  );
  workers.push(worker);
  return worker;
}

/** The second turn of everybody, after all of them had their first. */
async function talk(running: LocalWorker) {
  const lengths: number[] = [];
  for (const name of NAMES) lengths.push((await running.ask(firstTurn(name), { max_tokens: 5 })).usage.prompt_tokens);
  const turns = [];
  for (const [place, name] of NAMES.entries()) {
    const { usage, choices } = await running.ask(secondTurn(name));
    const known = usage.prompt_tokens_details.cached_tokens >= (lengths[place] ?? Infinity);
    turns.push({ name, known, text: choices[0]?.message.content });
  }
  return turns;
}
const answers = (isKnown: (name: string) => boolean) =>
  NAMES.map((name) => ({ name, known: isKnown(name), text: `And now, ${name}?` }));

it('goes on in more conversations than there are sequences', async () => {
  expect(await talk(await start())).toEqual(answers(() => true));
});

it('reads anew, with the same answers, where it may keep nothing', async () => {
  expect(await talk(await start({ prompt_cache: 0 }))).toEqual(answers(() => false));
});

it('stays within its room, and lets go who was there longest ago', async () => {
  const unlimited = await start();
  for (const name of NAMES.slice(0, 3)) await unlimited.ask(firstTurn(name), { max_tokens: 5 });
  const [file = ''] = readdirSync(folder);
  const { size } = statSync(join(folder, file));
  const limit = Math.round(size * 1.5);
  expect(await talk(await start({ prompt_cache: limit }))).not.toEqual(answers(() => true));
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeLessThanOrEqual(limit);
});

it('keeps its files from others, empties its folder at its start, takes it away at its end, and touches nothing beside it', async () => {
  const running = await start();
  await talk(running);
  expect(readdirSync(folder).length).toBeGreaterThan(0);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, 'of-a-killed-one'), 'left');
  writeFileSync(join(scratch, 'of-somebody'), 'mine');
  await start();
  expect(readdirSync(folder)).toEqual([]);
  for (const worker of workers.splice(0)) await worker.close();
  expect(readdirSync(scratch)).toEqual(['of-somebody']);
});

it('keeps none for longer than an hour after its last use, however late it made way', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const passMinutes = (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      now += MINUTE;
      vi.advanceTimersByTime(MINUTE);
    }
  };
  const count = () => readdirSync(folder).length;
  const running = await start();
  const [ann, bob, cleo, dan, eve] = NAMES.map((name) => () => running.ask(firstTurn(name), { max_tokens: 5 }));
  await ann!();
  passMinutes(30);
  await bob!();
  await cleo!();
  await dan!();
  expect(count()).toBe(2);
  passMinutes(30);
  await waitUntil(() => count() === 1, 'the first is gone');
  // What the two sequences hold was used more than an hour ago when it makes way: it is not saved at all.
  passMinutes(31);
  await waitUntil(() => count() === 0, 'the second is gone, too');
  await eve!();
  await ann!();
  expect(count()).toBe(0);
  for (const worker of workers.splice(0)) await worker.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('answers as ever where there can be no folder', async () => {
  writeFileSync(folder, 'somebody else’s');
  const inTheWay = await startLocalWorker({ parallel: 2 }, {}, { scratch_folder: folder });
  workers.push(inTheWay);
  expect(await talk(inTheWay)).toEqual(answers(() => false));
});

it.each([
  ['cut off', () => readdirSync(folder).forEach((name) => truncateSync(join(folder, name), 50_000))],
  ['damaged', () => readdirSync(folder).forEach((name) => writeFileSync(join(folder, name), 'no state of ours'))],
  ['gone', () => readdirSync(folder).forEach((name) => rmSync(join(folder, name)))],
  ['gone with their folder', () => rmSync(folder, { recursive: true })],
])('answers as ever when the files are %s', async (_, harm) => {
  const running = await start();
  for (const name of NAMES) await running.ask(firstTurn(name), { max_tokens: 5 });
  expect(readdirSync(folder).length).toBeGreaterThanOrEqual(3);
  harm();
  for (const name of NAMES) {
    expect((await running.ask(secondTurn(name))).choices[0]?.message.content).toBe(`And now, ${name}?`);
  }
});
