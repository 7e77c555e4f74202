import { vi } from 'vitest';

/** Waits until `assertion` holds, for as long as a busy machine may need; then throws what it threw last. */
export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 10_000 });
}
