import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useToasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
});
afterEach(() => void vi.useRealTimers());

it('leave more time to read why something failed than that it was done', () => {
  const store = useToasts();
  store.show('Saved.');
  store.show('This file is broken. "a.gguf" ends too early.', 'error');
  vi.advanceTimersByTime(5000);
  expect(store.toasts.map(({ kind }) => kind)).toEqual(['error']);
  vi.advanceTimersByTime(5000);
  expect(store.toasts).toEqual([]);
});
