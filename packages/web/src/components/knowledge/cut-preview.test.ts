import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import CutPreview from './cut-preview.vue';

const ROUTE = 'POST /api/knowledge-bases/preview';
const TEXT = '# Leave\n\nThirty days. Ask early.';
let preview: VueWrapper;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  preview.unmount();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const chunk = (ordinal: number, start: number, end: number) => ({
  ordinal,
  page: null,
  heading_path: ['Leave'],
  start,
  end,
  flags: [],
});
const serve = (...answers: ConstructorParameters<typeof FakeRoutes>) => new FakeRoutes(...answers);
const split = { max_tokens: 350, overlap_tokens: 0 };
const show = (text = TEXT) => (preview = mountPagePart(CutPreview, { props: { text, split } }));
const passages = () => preview.findAll('[data-testid="cut-passage"]').map((one) => one.get('.cut-text').text());

async function pause(): Promise<void> {
  await vi.advanceTimersByTimeAsync(300);
  await flushPromises();
}

it('draws each passage with its tokens, and what it repeats of the one before', async () => {
  serve({ [ROUTE]: () => ({ chunks: [chunk(0, 0, 22), chunk(1, 9, 33)] }) });
  show();
  await pause();
  expect(passages()).toEqual(['# Leave\n\nThirty days. ', 'Thirty days. Ask early.'].map((text) => text.trim()));
  expect(preview.get('.cut-repeated').text()).toBe('Thirty days.');
  expect(preview.findAll('.cut-facts').map((one) => one.text())).toEqual(['1Leave6 tokens', '2Leave6 tokens']);
  expect(preview.get('[data-testid="cut-summary"]').text()).toBe('2 passages; 6 tokens on average, 6 in the largest');
});

it('asks once for many movements of a slider, with the last settings', async () => {
  const server = serve({ [ROUTE]: () => ({ chunks: [chunk(0, 0, 33)] }) });
  show();
  for (const size of [300, 200, 100]) await preview.setProps({ split: { ...split, max_tokens: size } });
  await pause();
  expect(server.sentTo(ROUTE)).toEqual([{ text: TEXT, split: { max_tokens: 100, overlap_tokens: 0 } }]);
});

it('does not show an answer to settings that have changed meanwhile', async () => {
  const answers: ((value: unknown) => void)[] = [];
  serve({ [ROUTE]: () => new Promise((resolve) => answers.push(resolve)) });
  show();
  await pause();
  await preview.setProps({ split: { ...split, max_tokens: 100 } });
  await pause();
  answers[1]?.({ chunks: [chunk(0, 0, 33)] });
  await flushPromises();
  answers[0]?.({ chunks: [chunk(0, 0, 9), chunk(1, 9, 33)] });
  await flushPromises();
  expect(passages()).toHaveLength(1);
});

it('asks nothing about an empty text', async () => {
  const server = serve({});
  show('  \n');
  await pause();
  expect(server.calls).toEqual([]);
  expect(preview.text()).toBe('Type or paste a text to see how it is cut.');
});

it('says why a text could not be cut', async () => {
  serve({ [ROUTE]: () => refusal('document_too_slow', 422) });
  show();
  await pause();
  expect(preview.get('[role="alert"]').text()).toBe('Reading this document took too long.');
});
