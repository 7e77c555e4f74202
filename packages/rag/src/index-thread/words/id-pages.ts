import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { PAGE_PASSAGES } from './segment.ts';

/** Ids that are written in one go. */
const SLICE = 32 * PAGE_PASSAGES;

/** A segment's ids on their way into the file, in the order of their places. Writing them again changes nothing. */
export class IdPages {
  readonly #file: IndexFile;
  readonly #segment: number;
  #waiting: string[] = [];
  #pages = 0;

  constructor(file: IndexFile, segment: number) {
    this.#file = file;
    this.#segment = segment;
  }

  *add(ids: readonly string[]): Work<void> {
    this.#waiting.push(...ids);
    while (this.#waiting.length >= SLICE) {
      this.#write(this.#waiting.splice(0, SLICE));
      yield;
    }
  }

  /** Writes what is left. */
  end(): void {
    this.#write(this.#waiting.splice(0));
  }

  #write(ids: readonly string[]): void {
    const sql = 'insert or replace into passage_ids (segment, page, ids) values (?, ?, ?)';
    this.#file.transact(() => {
      for (let at = 0; at < ids.length; at += PAGE_PASSAGES) {
        this.#file.run(sql, this.#segment, this.#pages, JSON.stringify(ids.slice(at, at + PAGE_PASSAGES)));
        this.#pages += 1;
      }
    });
  }
}
