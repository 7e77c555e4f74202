import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import type { AdminModel } from '@parley/contracts';
import { makeOverview, makeVendorModel } from '../testing/make-models.ts';
import { find, get, press, submit, type } from '../testing/on-page.ts';
import { tinyModel as tiny } from '../testing/open-models-page.ts';
import { useModelsPage } from '../testing/use-models-page.ts';

const open = useModelsPage();
const focused = () => (document.activeElement as HTMLElement).dataset['testid'] ?? document.activeElement?.id;
/** As a key press on it does. */
const pressFocused = (id: string) => {
  get(id).focus();
  return press(id);
};
const escape = async () => {
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await flushPromises();
  await vi.advanceTimersByTimeAsync(1);
};

describe('the focus on the Models page', () => {
  it('begins in the first field of a dialog, and is back at its button when Escape has closed it', async () => {
    await open({ models: [tiny] });
    await pressFocused('model-edit');
    expect(focused()).toBe('edit-label');
    await escape();
    expect([find('edit-dialog'), focused()]).toEqual([null, 'model-edit']);
  });

  it('begins on nothing that deletes', async () => {
    await open({ models: [tiny] });
    await pressFocused('model-delete');
    expect(focused()).toBe('dialog-close');
  });

  it('goes round a dialog without what is folded away', async () => {
    await open({}, {}, 'connections');
    await pressFocused('add-key');
    expect(find('key-page')).toBeNull();
    const folded = document.querySelector('details')!;
    folded.open = true;
    folded.dispatchEvent(new Event('toggle'));
    await flushPromises();
    expect(find('key-page')).not.toBeNull();
  });

  it('stays with a model whose button is gone', async () => {
    const released: AdminModel = { ...tiny, state: 'released', process: null };
    await open({ models: [tiny] }, { 'POST /api/model-admin/models/tiny/release': () => released });
    await pressFocused('model-release');
    expect(focused()).toBe('model-load');
  });

  it('goes on in the page when what it was at is deleted', async () => {
    const gone = () => new Response(null, { status: 204 });
    const { state } = await open({ models: [tiny] }, { 'DELETE /api/model-admin/models/tiny': gone });
    await pressFocused('model-delete');
    state.overview = makeOverview();
    await submit('delete-confirm');
    await vi.advanceTimersByTimeAsync(1);
    expect(focused()).toBe('page-content');
  });

  it('is back at the key when the way back was taken', async () => {
    const models = [makeVendorModel({ id: 'a' })];
    const tried = { provider: 'groq', base_url: 'https://api.groq.com', tested: null, models };
    await open({}, { 'POST /api/model-admin/connections/try': () => tried }, 'connections');
    await pressFocused('add-key');
    await type('key-input', 'gsk_abcdefghijklmnop1234');
    await submit('key-form');
    await pressFocused('connection-back');
    expect(focused()).toBe('key-input');
  });

  it('keeps its button while something is looked for or tested', async () => {
    const never = () => new Promise<never>(() => undefined);
    const { server } = await open({}, { 'GET /api/model-admin/servers': never }, 'connections');
    await pressFocused('add-server');
    await pressFocused('find-servers');
    await press('find-servers');
    expect([focused(), get('find-servers').matches(':disabled')]).toEqual(['find-servers', false]);
    expect(server.calls.filter(({ path }) => path === '/api/model-admin/servers')).toHaveLength(1);
  });
});
