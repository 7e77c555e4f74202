import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RegistryView } from './registry-view.ts';

const worker = (model: string) => ({
  worker_name: `http://127.0.0.1/${model}`,
  model_names: [model],
  speed: 1,
  concurrency: null,
  in_flight: 0,
  queue_length: 0,
  last_heart_beat_ms_ago: 0,
});
const snapshotOf = (...models: string[]) => ({ workers: models.map(worker), expected_models: [] });
let view: RegistryView;

beforeEach(() => {
  vi.useFakeTimers();
  view = new RegistryView(() => performance.now());
  view.opened();
  view.take(snapshotOf('a', 'b'));
});
afterEach(() => vi.useRealTimers());

it('takes the first snapshot as it is, and every later one of the same connection', () => {
  expect(view.current?.workers).toHaveLength(2);
  vi.advanceTimersByTime(10_000);
  view.take(snapshotOf('a'));
  expect(view.current?.workers).toHaveLength(1);
});

it('keeps the workers after a reconnect that have not come back yet, and takes new ones in', () => {
  vi.advanceTimersByTime(10_000);
  view.opened();
  view.take(snapshotOf());
  expect(view.current?.workers).toHaveLength(2);
  view.take(snapshotOf('a', 'c'));
  expect(view.current?.workers.map((one) => one.model_names[0])).toEqual(['a', 'c', 'b']);
});

it('believes the controller after a while, when a model does not come back', () => {
  vi.advanceTimersByTime(10_000);
  view.opened();
  view.take(snapshotOf('a'));
  vi.advanceTimersByTime(3_000);
  expect(view.current?.workers).toHaveLength(1);
});
