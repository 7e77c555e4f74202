/** Times of one kind of work, in milliseconds. */
export interface Times {
  p50Ms: number;
  p95Ms: number;
}

export interface WorkTimes extends Times {
  /** CPU time of all threads, the mean. */
  cpuMs: number;
}

/** Does the work for each number from 0, one after the other. */
export async function time(count: number, work: (number: number) => Promise<unknown>): Promise<WorkTimes> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let number = 0; number < count; number += 1) times.push(await timeOnce(() => work(number)));
  const { user, system } = process.cpuUsage(before);
  return { ...toTimes(times), cpuMs: (user + system) / 1_000 / count };
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
export function medianTimes(rounds: readonly WorkTimes[]): WorkTimes {
  const medianOf = (figure: keyof WorkTimes) =>
    percentile(
      rounds.map((times) => times[figure]),
      0.5,
    );
  return { p50Ms: medianOf('p50Ms'), p95Ms: medianOf('p95Ms'), cpuMs: medianOf('cpuMs') };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
