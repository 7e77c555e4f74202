import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { DocumentView, Source } from '@parley/contracts';
import { useSourcePanel } from '../composables/use-source-panel.ts';
import { FakeRoutes, refusal } from '../testing/fake-routes.ts';
import { makeSource } from '../testing/make-message.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import SourcePanel from './source-panel.vue';

let view: VueWrapper;
afterEach(() => {
  view.unmount();
  vi.unstubAllGlobals();
});

const text = 'Before it. The quote. After it.';
const source: Source = { ...makeSource(1, 'The quote.', 11), version_id: 'v2', base_id: 'b1' };
const markdown: DocumentView = {
  id: 'd1',
  base_id: 'b1',
  version_id: 'v2',
  title: 'Rules',
  language: 'en',
  media_type: 'text/markdown',
  pages: [],
  has_file: true,
  text,
};

async function start(part: Partial<Source> = {}, answer: () => unknown = () => markdown) {
  const server = new FakeRoutes({ 'GET /api/documents/d1': answer });
  const panel = useSourcePanel();
  view = mountPagePart(SourcePanel, { props: { panel, isNarrow: false } });
  panel.open({ ...source, ...part }, null);
  await flushPromises();
  return { server, panel };
}
const find = (id: string) => document.querySelector(`[data-testid="${id}"]`);
const words = (id: string) => find(id)?.textContent ?? null;

it('reads exactly the version that was cited, marks the passage, and says that the quote stands there', async () => {
  const { server } = await start();
  expect(server.calls.map(({ path }) => path)).toEqual(['/api/documents/d1?version=v2']);
  expect(words('source-highlight')).toBe('The quote.');
  expect(words('source-checked')).toBe('Quote checked');
  expect(find('source-changed')).toBeNull();
});

it('says plainly when the quote does not stand at the cited place, and marks nothing', async () => {
  await start({ start: 10, end: 20 });
  expect(words('source-changed')).toContain('The quote does not stand at the cited place of this document.');
  expect(words('source-changed')).toContain('The quote.');
  expect(find('source-highlight')).toBeNull();
  expect(find('source-checked')).toBeNull();
});

it('shows the quote also when its document is gone', async () => {
  await start({}, () => refusal('document_not_found', 404));
  expect(words('source-failed')).toContain('This document is not there any more.');
  expect(words('source-failed')).toContain('The quote.');
});

it('names page and headings, and warns of what was noticed in the passage', async () => {
  await start({ page: 3, heading_path: ['Rules', 'Costs'], flags: ['instructions', 'hidden-text'] });
  expect(words('source-panel')).toContain('Page 3 › Rules › Costs');
  expect(words('source-flags')).toContain('speaks to a model');
  expect(words('source-flags')).toContain('would not see');
});

it('offers the page of a PDF beside its text, and of nothing else', async () => {
  await start();
  expect(find('source-tab-page')).toBeNull();
  view.unmount();
  await start({ page: 1 }, () => ({ ...markdown, media_type: 'application/pdf' }));
  expect(words('source-tab-page')).toBe('Page');
  expect(words('source-highlight')).toBe('The quote.');
  view.unmount();
  await start({ page: 1 }, () => ({ ...markdown, media_type: 'application/pdf', has_file: false }));
  expect(find('source-tab-page')).toBeNull();
});

it('reads a version once for all its passages', async () => {
  const { server, panel } = await start();
  panel.open({ ...source, index: 2, start: 0, end: 10, quote: 'Before it.' }, null);
  await flushPromises();
  expect(words('source-highlight')).toBe('Before it.');
  expect(server.calls).toHaveLength(1);
});

it('draws only the surroundings of a passage in a very long document, and more on demand', async () => {
  const line = 'A line of the document.\n';
  const long = line.repeat(5_000) + text + line.repeat(5_000);
  const begin = line.length * 5_000 + 11;
  await start({ start: begin, end: begin + 10 }, () => ({ ...markdown, text: long }));
  expect(words('source-highlight')).toBe('The quote.');
  const before = words('source-text')?.length ?? 0;
  expect(before).toBeLessThan(60_000);
  document.querySelector<HTMLElement>('[data-testid="text-before"]')?.click();
  await flushPromises();
  expect(words('source-text')?.length).toBeGreaterThan(before + 30_000);
  expect(words('source-highlight')).toBe('The quote.');
});
