import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { Conversation } from '@parley/contracts';
import { memoryRouter } from '../testing/memory-router.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import { find, get, press, textOf } from '../testing/on-page.ts';
import HistoryRow from './history-row.vue';

let part: VueWrapper;
afterEach(() => {
  part.unmount();
  vi.unstubAllGlobals();
});

async function openMenu(title: string): Promise<void> {
  const times = { created_at: 0, updated_at: 0, is_running: false };
  const conversation: Conversation = { id: 'c1', title, ...times, knowledge_bases: [], files_base_id: null };
  part = mountPagePart(HistoryRow, { props: { conversation, isOpen: false }, router: memoryRouter() });
  get('history-menu').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await flushPromises();
}

it('keeps the focus when renaming is given up by a key', async () => {
  await openMenu('Bees');
  await press('history-rename');
  get('rename-input').focus();
  get('rename-input').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await flushPromises();
  expect([find('rename-input'), document.activeElement]).toEqual([null, get('history-item')]);
});

it('asks about a conversation without a name as it is called in the list', async () => {
  await openMenu('');
  await press('history-delete');
  expect(textOf('delete-dialog')).toContain('“New chat” and all its answers will be deleted');
});
