/** How often it looks, in ms. */
const INTERVAL_MS = 2_000;
/** Processor time within an interval, in µs, below which a process counts as idle. */
const IDLE_BELOW_US = 40_000;
/** Processor time since the last collection, in µs, from which there is something to collect. */
const WORTH_FROM_US = 100_000;

/**
 * Collects garbage once whenever work is over. V8 does so only when more work comes, so an idle
 * process would keep what loading and answering left behind: some 3 MB a process after its start.
 * Needs `--expose-gc`; does nothing without it.
 */
export function collectWhenIdle(): void {
  const { gc } = globalThis;
  if (!gc) return;
  let before = processorTime();
  let collectedAt = 0;
  const look = async () => {
    const now = processorTime();
    const isIdle = now - before < IDLE_BELOW_US;
    before = now;
    if (!isIdle || now - collectedAt < WORTH_FROM_US) return;
    await gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    before = processorTime();
    collectedAt = before;
  };
  setInterval(() => void look(), INTERVAL_MS).unref();
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
