import type { IndexFile } from '../file/index-file.ts';
import { MemoryCache } from '../memory-cache.ts';
import { WordBase } from './word-base.ts';

/** The bases, loaded with their first use. */
export class WordBases {
  readonly #file: IndexFile;
  readonly #cache: MemoryCache<WordBase>;

  constructor(file: IndexFile, memoryBytes: number) {
    this.#file = file;
    this.#cache = new MemoryCache(memoryBytes);
  }

  byId(id: string): WordBase | null {
    const row = this.#file.get<{ number: number }>('select number from bases where id = ?', id);
    return row ? this.#load(row.number, id) : null;
  }

  byNumber(number: number): WordBase | null {
    const row = this.#file.get<{ id: string | null }>('select id from bases where number = ?', number);
    return row?.id ? this.#load(number, row.id) : null;
  }

  make(id: string): WordBase {
    this.#file.run('insert or ignore into bases (id) values (?)', id);
    const base = this.byId(id);
    if (!base) throw new Error('The base was not stored.');
    return base;
  }

  /** What is in memory of a base; null: nothing. */
  peek(number: number): WordBase | null {
    return this.#cache.peek(number);
  }

  /** Takes it out of sight at once; its rows go bit by bit. */
  remove(id: string): void {
    const base = this.#file.get<{ number: number }>('select number from bases where id = ?', id);
    if (!base) return;
    this.#file.transact(() => {
      this.#file.run('update bases set id = null where number = ?', base.number);
      this.#file.run("update segments set state = 'dropped' where base = ?", base.number);
    });
    this.#cache.drop(base.number);
  }

  #load(number: number, id: string): WordBase {
    return this.#cache.get(number, () => WordBase.load(this.#file, { number, id }));
  }
}
