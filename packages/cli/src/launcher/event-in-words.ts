import type { ProcessEvent } from './managed-process.ts';

/** What the log of a model says of its processes; it would be empty where workers log warnings only. */
export function inWords(event: ProcessEvent): string | null {
  const { view } = event;
  if (event.type === 'process-started') return `process ${view.pid} started at ${view.address}`;
  if (event.type === 'process-died') return `the process ended (${event.exit}) and is started again`;
  if (event.type === 'process-failed') return `the process did not start: ${event.reason}`;
  return event.type === 'process-given-up' ? `the process stays down: ${event.reason}` : null;
}
