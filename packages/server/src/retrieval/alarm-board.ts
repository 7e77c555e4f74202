import type { BaseAlarm, RetrievalTrace } from '@parley/contracts';

type Alarm = RetrievalTrace['alarms'][number];

/** What a search can tell to be over: the same search, done well. `no-terms` is about one question and is never kept. */
const KEPT: ReadonlySet<BaseAlarm['kind']> = new Set([
  'embedding-failed',
  'vector-store-failed',
  'rerank-failed',
  'words-failed',
  'index-differs',
]);

/** What is wrong with each base now, in memory: the next search finds out anew after a restart. */
export class AlarmBoard {
  readonly #alarms = new Map<string, Map<BaseAlarm['kind'], BaseAlarm>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Newest first. */
  of(baseId: string): BaseAlarm[] {
    return [...(this.#alarms.get(baseId)?.values() ?? [])].toSorted((one, other) => other.since - one.since);
  }

  raise(baseId: string, { kind, message }: Alarm): void {
    if (!KEPT.has(kind)) return;
    const alarms = this.#alarms.get(baseId) ?? new Map<BaseAlarm['kind'], BaseAlarm>();
    alarms.set(kind, { kind, message, since: alarms.get(kind)?.since ?? this.#now() });
    this.#alarms.set(baseId, alarms);
  }

  clear(baseId: string, kind: BaseAlarm['kind']): void {
    this.#alarms.get(baseId)?.delete(kind);
  }
}
