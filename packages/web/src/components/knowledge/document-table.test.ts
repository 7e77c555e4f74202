import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { BaseDocument } from '@parley/contracts';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import { makeBase, makeBaseDocument } from '../../testing/make-knowledge.ts';
import { memoryRouter } from '../../testing/memory-router.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import { useToasts } from '../../stores/toasts.ts';
import DocumentTable from './document-table.vue';

let table: VueWrapper;
afterEach(() => {
  table.unmount();
  vi.unstubAllGlobals();
});

const ready = makeBaseDocument({ id: 'ready', name: 'Handbook.pdf' });
const failed = makeBaseDocument({
  id: 'failed',
  state: 'failed',
  version_id: null,
  error: { code: 'document_encrypted', message: 'Handbook.pdf needs a password.' },
});
const parsing = makeBaseDocument({ id: 'parsing', state: 'parsing', percent: 31.4, version_id: null });

function show(documents: BaseDocument[], canEdit = true): void {
  table = mountPagePart(DocumentTable, { props: { base: makeBase(), documents, canEdit }, router: memoryRouter() });
}
const row = (id: string) => table.get(`[data-testid="document-row"][data-id="${id}"]`);
const shown = () => table.findAll('[data-testid="document-row"]').map((one) => one.attributes('data-id'));
const press = async (id: string) => {
  await table.get(`[data-testid="${id}"]`).trigger('click');
  await flushPromises();
};
const tick = (id: string) => row(id).get('[data-testid="document-tick"]').trigger('change');

it('shows the state of each document, how far it is, and why it failed in plain words', () => {
  show([ready, failed, parsing]);
  expect(row('ready').get('.cell-state').text()).toBe('Ready');
  expect(row('parsing').get('.cell-state').text()).toBe('Reading31%');
  expect(row('parsing').get('progress').attributes('value')).toBe('31');
  expect(row('failed').get('[data-testid="document-reason"]').text()).toBe('This document is protected by a password.');
  expect(row('failed').find('a').exists()).toBe(false);
  expect(row('ready').get('a').attributes('href')).toBe('/knowledge/b1/documents/ready');
});

it('draws a page of five thousand rows, and finds one by its name', async () => {
  const many = Array.from({ length: 5000 }, (_, index) =>
    makeBaseDocument({ id: `d${index}`, name: `paper-${index}.pdf` }),
  );
  show(many);
  expect(shown()).toHaveLength(50);
  await press('pager-next');
  expect(shown()[0]).toBe('d50');
  await table.get('[data-testid="document-search"]').setValue('PAPER-4999');
  expect(shown()).toEqual(['d4999']);
});

it('narrows to a group, and says how many each has', async () => {
  show([ready, failed, parsing]);
  expect(table.get('[data-testid="filter-failed"]').text()).toBe('Failed 1');
  await press('filter-failed');
  expect(shown()).toEqual(['failed']);
});

it('does to the selected documents what makes sense for each', async () => {
  const server = new FakeRoutes({
    'POST /api/documents/failed/retry': () => ({ ...failed, state: 'queued' }),
    'PATCH /api/documents/ready': () => ({ ...ready, is_enabled: false }),
  });
  show([ready, failed, parsing]);
  await tick('ready');
  await tick('failed');
  expect(table.get('[data-testid="selection-count"]').text()).toBe('2 selected');
  await press('selected-retry');
  await press('selected-disable');
  expect(server.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/documents/failed/retry',
    'PATCH /api/documents/ready',
  ]);
  expect(server.calls[1]?.body).toEqual({ is_enabled: false });
  expect(table.emitted('change')).toMatchObject([[[{ state: 'queued' }]], [[{ is_enabled: false }]]]);
});

it('selects what was found on all pages', async () => {
  show(Array.from({ length: 120 }, (_, index) => makeBaseDocument({ id: `d${index}` })));
  await table.get('[data-testid="tick-all"]').trigger('change');
  expect(table.get('[data-testid="selection-count"]').text()).toBe('50 selected');
  await press('select-all-found');
  expect(table.get('[data-testid="selection-count"]').text()).toBe('120 selected');
});

it('deletes only after it was asked, and tells what could not be done', async () => {
  const server = new FakeRoutes({ 'DELETE /api/documents/ready': () => refusal('not_allowed', 403) });
  show([ready]);
  await tick('ready');
  await press('selected-delete');
  expect(server.calls).toEqual([]);
  document
    .querySelector('[data-testid="confirm-dialog"] form')
    ?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
  expect(useToasts().toasts.map(({ text }) => text)).toEqual(['Your account may not do this.']);
  expect(table.emitted('change')).toBeUndefined();
});

it('offers a reader nothing that changes', () => {
  show([ready], false);
  expect(table.find('[data-testid="document-menu"]').exists()).toBe(false);
  expect(table.find('[data-testid="document-tick"]').exists()).toBe(false);
});

it('explains a warning when it is pressed', async () => {
  show([makeBaseDocument({ id: 'odd', flags: ['hidden-text'] })]);
  await press('flag-hidden-text');
  expect(document.querySelector('[data-testid="flag-card"]')?.textContent).toContain('a person would not see');
});
