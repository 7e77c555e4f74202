import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { BaseDocument } from '@parley/contracts';
import { h } from 'vue';
import { FakeRoutes } from '../../testing/fake-routes.ts';
import { makeBaseDocument } from '../../testing/make-knowledge.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import { useDocumentPage } from './use-document-page.ts';

let part: VueWrapper;
afterEach(() => {
  part.unmount();
  vi.unstubAllGlobals();
});

/** FAKE server of one document: a version of its text, its row, and what followers are told. */
function startServer() {
  const state = { version: 'v1', row: makeBaseDocument({ id: 'd1' }) };
  /** Versions that are answered first, before the one that is current. */
  const texts: string[] = [];
  const passages: string[] = [];
  const followers: ReadableStreamDefaultController<Uint8Array>[] = [];
  let mayFollow: () => void = () => undefined;
  const allowed = new Promise<void>((resolve) => (mayFollow = resolve));
  const server = new FakeRoutes({
    'GET /api/documents/d1': () => {
      const version = texts.shift() ?? state.version;
      const facts = { id: 'd1', title: 'Travel', language: 'en', media_type: 'text/markdown' };
      return { ...facts, version_id: version, text: `Text of ${version}.` };
    },
    'GET /api/documents/d1/chunks': () => ({ version_id: passages.shift() ?? state.version, chunks: [] }),
    'GET /api/documents/d1/versions': () => ({ versions: [] }),
    'GET /api/knowledge-bases/b1/documents/d1': () => state.row,
    'GET /api/knowledge-bases/b1/events': async () => {
      await allowed;
      return new Response(new ReadableStream({ start: (controller) => void followers.push(controller) }));
    },
  });
  const tell = (change: BaseDocument) =>
    followers.at(-1)?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(change)}\n\n`));
  return { state, texts, passages, server, tell, mayFollow };
}

/** Turns until the page has taken what was answered. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await flushPromises();
}

function open() {
  const opened = { page: null as ReturnType<typeof useDocumentPage> | null };
  part = mountPagePart({
    setup() {
      opened.page = useDocumentPage('b1', 'd1');
      return () => h('p');
    },
  });
  return opened.page!;
}
const row = (version: string, state: BaseDocument['state'] = 'ready') =>
  makeBaseDocument({ id: 'd1', version_id: version, state });

it('reads the text again when a new version came between the text and the facts beside it', async () => {
  const { state, texts, passages } = startServer();
  texts.push('v1');
  passages.push('v1');
  [state.version, state.row] = ['v2', row('v2')];
  const page = open();
  await settle();
  expect(page.view.value?.text).toBe('Text of v2.');
});

it('asks no more than once for a version that its server does not answer', async () => {
  const { state, server } = startServer();
  state.row = row('v2');
  open();
  await settle();
  expect(server.sentTo('GET /api/documents/d1')).toHaveLength(2);
});

it('reads the text again when the news of a version comes after its row was read', async () => {
  const { state, tell, mayFollow } = startServer();
  mayFollow();
  const page = open();
  await settle();
  [state.version, state.row] = ['v2', row('v2')];
  page.row.value = row('v2');
  tell(row('v2'));
  await settle();
  expect(page.view.value?.text).toBe('Text of v2.');
});

it('learns of what changed before its changes were followed', async () => {
  const { state, mayFollow } = startServer();
  const page = open();
  await settle();
  [state.version, state.row] = ['v2', row('v2')];
  mayFollow();
  await settle();
  expect(page.view.value?.text).toBe('Text of v2.');
});

it('shows no passages of one version over the text of another', async () => {
  const { passages, server } = startServer();
  passages.push('v0');
  const page = open();
  await settle();
  expect(page.view.value?.version_id).toBe('v1');
  expect(server.sentTo('GET /api/documents/d1/chunks')).toHaveLength(2);
});

it('leaves the text alone while a passage is edited, and reads it again afterwards', async () => {
  const { state, tell, mayFollow } = startServer();
  mayFollow();
  const page = open();
  await settle();
  page.hold(true);
  [state.version, state.row] = ['v2', row('v2')];
  tell(row('v2'));
  await settle();
  expect(page.view.value?.text).toBe('Text of v1.');
  page.hold(false);
  await settle();
  expect(page.view.value?.text).toBe('Text of v2.');
});
