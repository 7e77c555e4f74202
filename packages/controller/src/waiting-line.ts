/**
 * Those who wait for one model: first come, first served within a user, users in turn. One user's
 * two hundred requests therefore cost another's single one no more than a place or two.
 */
export class WaitingLine<Entry extends { user: string }> {
  /** Users in the order of their turns; each list is never empty. */
  readonly #byUser = new Map<string, Entry[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether one of the user's waits. */
  has(user: string): boolean {
    return this.#byUser.has(user);
  }

  add(entry: Entry): void {
    const entries = this.#byUser.get(entry.user);
    if (entries === undefined) this.#byUser.set(entry.user, [entry]);
    else entries.push(entry);
    this.#size += 1;
  }

  /** False when the entry does not wait here. */
  remove(entry: Entry): boolean {
    const entries = this.#byUser.get(entry.user);
    const index = entries?.indexOf(entry) ?? -1;
    if (entries === undefined || index === -1) return false;
    entries.splice(index, 1);
    if (entries.length === 0) this.#byUser.delete(entry.user);
    this.#size -= 1;
    return true;
  }

  first(): Entry | null {
    for (const entries of this.#byUser.values()) return entries[0] ?? null;
    return null;
  }

  /** Takes the first out; its user goes to the end of the turn. */
  take(): Entry | null {
    const entry = this.first();
    if (entry === null) return null;
    this.remove(entry);
    const rest = this.#byUser.get(entry.user);
    if (rest !== undefined) {
      this.#byUser.delete(entry.user);
      this.#byUser.set(entry.user, rest);
    }
    return entry;
  }

  /** All who wait, in the order in which they would be served if nobody else came. */
  inOrder(): Entry[] {
    const order: Entry[] = [];
    for (let round = 0; order.length < this.#size; round += 1) {
      for (const entries of this.#byUser.values()) {
        const entry = entries[round];
        if (entry !== undefined) order.push(entry);
      }
    }
    return order;
  }
}
