/** Times of one kind of work, in milliseconds. */
export interface Times {
  p50Ms: number;
  p95Ms: number;
}

/** Does the work for each number from 0, one after the other. */
export async function time(count: number, work: (number: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) times.push(await timeOnce(() => work(number)));
  return toTimes(times);
}

export async function timeOnce(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

export function toTimes(times: readonly number[]): Times {
  return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) };
}

/** Of each figure the median over the rounds, by itself. */
export function medianTimes(rounds: readonly Times[]): Times {
  return {
    p50Ms: percentile(
      rounds.map(({ p50Ms }) => p50Ms),
      0.5,
    ),
    p95Ms: percentile(
      rounds.map(({ p95Ms }) => p95Ms),
      0.5,
    ),
  };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
