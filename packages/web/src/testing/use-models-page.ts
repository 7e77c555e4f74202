import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, vi } from 'vitest';
import { openModelsPage } from './open-models-page.ts';

/** Opens the Models page for a test, under a fake clock; what it opened is put away after the test. */
export function useModelsPage(): typeof openModelsPage {
  let part: VueWrapper | null = null;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    part?.unmount();
    part = null;
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  return async (...how) => {
    const opened = await openModelsPage(...how);
    part = opened.part;
    return opened;
  };
}
