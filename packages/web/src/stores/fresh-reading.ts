/** Readings of what is changed here too. One that was on its way during a change does not have it yet: null. */
export function createFreshReading() {
  let changes = 0;

  async function read<Value>(load: () => Promise<Value>): Promise<Value | null> {
    const before = changes;
    const value = await load();
    return before === changes ? value : null;
  }
  const changed = () => void (changes += 1);

  return { read, changed };
}
