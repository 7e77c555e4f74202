import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { mergeSegments } from './merge-segments.ts';
import { FAN_IN, planMerge } from './plan-merge.ts';
import { SealedSegment, type OpenSegment } from './segment.ts';
import type { WordBase } from './word-base.ts';
import type { WordBases } from './word-bases.ts';
import { writeSegment } from './write-segment.ts';

/** With more segments than this queries would grow slow before maintenance catches up. */
const MOST_SEGMENTS = 4 * FAN_IN;

/** Seals what is full, merges what is small or worn. The file is whole after every slice. */
export class WordMaintenance {
  readonly #file: IndexFile;
  readonly #bases: WordBases;
  readonly #segmentPassages: number;
  /** Numbers of bases that were written to since they were looked at. */
  readonly #changed = new Set<number>();

  constructor(file: IndexFile, bases: WordBases, segmentPassages: number) {
    this.#file = file;
    this.#segmentPassages = segmentPassages;
    this.#bases = bases;
    const rows = file.all<{ base: number }>("select distinct base from segments where state = 'sealing'");
    for (const { base } of rows) this.#changed.add(base);
  }

  noteChange(base: WordBase): void {
    const { open } = base;
    if (open?.draft.isFull(this.#segmentPassages)) this.#closeSegment(open);
    this.#changed.add(base.number);
  }

  /** A segment that is full waits for no write: its postings are in memory until it is sealed. */
  get isBehind(): boolean {
    return [...this.#changed].some((number) => {
      const base = this.#bases.peek(number);
      return base && (base.segments.length > MOST_SEGMENTS || base.closed !== null);
    });
  }

  find(): Work<void> | null {
    for (const number of this.#changed) {
      const base = this.#bases.byNumber(number);
      const work = base && this.#findFor(base);
      if (work) return work;
      this.#changed.delete(number);
    }
    return null;
  }

  #findFor(base: WordBase): Work<void> | null {
    if (base.closed) return this.#seal(base.number, base.closed);
    const sealed = base.segments.filter((segment) => segment instanceof SealedSegment);
    const chosen = planMerge(
      sealed.map((segment) => ({ segment, number: segment.number, live: segment.live, count: segment.cells.count })),
      this.#segmentPassages,
    );
    return chosen
      ? this.#merge(
          base.number,
          chosen.map(({ segment }) => segment),
        )
      : null;
  }

  #closeSegment(segment: OpenSegment): void {
    this.#file.run("update segments set state = 'sealing' where number = ?", segment.number);
    segment.isClosed = true;
  }

  *#seal(baseNumber: number, segment: OpenSegment): Work<void> {
    const { number, draft } = segment;
    const bits = yield* writeSegment(this.#file, { number, draft, isLive: (place) => segment.isLive(place) });
    const base = this.#bases.byNumber(baseNumber);
    if (!base) return;
    this.#file.transact(() => {
      const sql = "update segments set state = 'sealed', cells = ?, bits = ? where number = ?";
      this.#file.run(sql, draft.cells.toBytes(), bits, number);
      this.#file.run('delete from pending where segment = ?', number);
    });
    base.replace(
      [number],
      base.adopt(new SealedSegment(this.#file, { number, rank: segment.rank, bits }, draft.cells)),
    );
  }

  *#merge(baseNumber: number, segments: readonly SealedSegment[]): Work<void> {
    const rank = segments[0]?.rank ?? 0;
    const sql = "insert into segments (base, rank, state) values (?, ?, 'building')";
    const number = this.#file.insert(sql, baseNumber, rank);
    const { cells, bits } = yield* this.#sealingBetween(mergeSegments(this.#file, { number, segments }));
    const base = this.#bases.byNumber(baseNumber);
    const isEmpty = cells.count === 0;
    this.#file.transact(() => {
      const state = base && !isEmpty ? 'sealed' : 'dropped';
      const update = 'update segments set state = ?, cells = ?, bits = ? where number = ?';
      this.#file.run(update, state, cells.toBytes(), bits, number);
      for (const input of segments) {
        this.#file.run("update segments set state = 'dropped' where number = ?", input.number);
      }
    });
    const merged = isEmpty ? null : base?.adopt(new SealedSegment(this.#file, { number, rank, bits }, cells));
    base?.replace(
      segments.map((input) => input.number),
      merged ?? null,
    );
  }

  /** A merge may take long; what becomes full meanwhile is sealed between two slices of it. */
  *#sealingBetween<Value>(merge: Work<Value>): Work<Value> {
    for (;;) {
      const slice = merge.next();
      if (slice.done) return slice.value;
      for (const number of this.#changed) {
        const closed = this.#bases.peek(number)?.closed;
        if (closed) yield* this.#seal(number, closed);
      }
      yield;
    }
  }
}
