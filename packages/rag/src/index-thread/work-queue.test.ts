import { beforeEach, expect, it } from 'vitest';
import { WorkQueue, type Work } from './work-queue.ts';

let turns: (() => void)[];
let log: string[];
let maintenance: Work<void> | null;
let isBehind: boolean;
let time: number;

beforeEach(() => {
  [turns, log, maintenance, isBehind, time] = [[], [], null, false, 0];
});

/** Each look at the clock is 2 ms later: a slice has two steps. */
const makeQueue = (onMaintenanceFailure = () => {}) =>
  new WorkQueue({
    findMaintenance: () => maintenance,
    isBehind: () => isBehind,
    onMaintenanceFailure,
    now: () => (time += 2),
    defer: (turn) => turns.push(turn),
  });

function runAll(): void {
  for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
}

/** Logs its slices. There is no more maintenance after one. */
function* work(name: string, slices: number): Work<void> {
  for (let slice = 1; slice <= slices; slice += 1) {
    log.push(`${name}${slice}`);
    yield;
  }
  if (name === 'maintain') maintenance = null;
}

it('serves a question before the rest of a write', () => {
  const queue = makeQueue();
  queue.addWrite(work('write', 5));
  turns.shift()!();
  queue.addQuery(() => log.push('question'));
  runAll();
  const place = log.indexOf('question');
  expect(place).toBeGreaterThan(0);
  expect(place).toBeLessThan(5);
});

it('writes in the order in which it was asked, and maintains when there is nothing else', () => {
  const queue = makeQueue();
  maintenance = work('maintain', 2);
  queue.addWrite(work('a', 3));
  queue.addWrite(work('b', 1));
  runAll();
  expect(log).toEqual(['a1', 'a2', 'a3', 'b1', 'maintain1', 'maintain2']);
});

it('maintains first when it is behind', () => {
  const queue = makeQueue();
  isBehind = true;
  maintenance = work('maintain', 1);
  queue.addWrite(work('write', 1));
  runAll();
  expect(log).toEqual(['maintain1', 'write1']);
});

it('goes on with writes when maintenance fails, and tries again after the next one', () => {
  let failures = 0;
  const queue = makeQueue(() => (failures += 1));
  maintenance = (function* () {
    throw new Error('the disk is full');
  })();
  queue.addWrite(work('a', 1));
  runAll();
  expect([log, failures]).toEqual([['a1'], 1]);
  maintenance = work('maintain', 1);
  queue.addWrite(work('b', 1));
  runAll();
  expect(log).toEqual(['a1', 'b1', 'maintain1']);
});

it('rests when all is done', () => {
  const queue = makeQueue();
  queue.addQuery(() => log.push('question'));
  runAll();
  expect(turns).toEqual([]);
});
