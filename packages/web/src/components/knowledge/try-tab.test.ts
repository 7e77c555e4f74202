import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { Evaluation, RetrievalTrace } from '@parley/contracts';
import { FakeRoutes } from '../../testing/fake-routes.ts';
import { makeBase, makeHit, makeTrace } from '../../testing/make-knowledge.ts';
import { memoryRouter } from '../../testing/memory-router.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import TryTab from './try-tab.vue';

let tab: VueWrapper;
afterEach(() => {
  tab.unmount();
  vi.unstubAllGlobals();
});

const JUDGE = '/api/knowledge-bases/b1/judgements';
const judgement = { id: 'j1', origin: 'pin', created_at: 0 };
const quality = (ndcg10: number) => ({ ndcg10, recall10: 0.8, recall100: 0.9, mrr10: 0.7 });

async function start(trace: RetrievalTrace, canEdit = true) {
  const past: object[] = [];
  let weight = 0.5;
  const server = new FakeRoutes({
    'GET /api/knowledge-bases/b1/searches': () => ({ searches: past }),
    [`GET ${JUDGE}`]: () => ({ judgements: [] }),
    [`POST ${JUDGE}`]: ({ body }) => ({ ...(body as object), ...judgement }),
    [`DELETE ${JUDGE}/j1`]: () => new Response(null, { status: 204 }),
    'POST /api/knowledge-bases/search': () => {
      past.unshift({
        id: `s${past.length}`,
        query: trace.question,
        hits: trace.hits.length,
        total_ms: 42,
        created_at: 0,
      });
      return trace;
    },
    'POST /api/knowledge-bases/b1/evaluate': ({ body }): Evaluation => {
      const before = weight;
      if ((body as { tune: boolean }).tune) weight = 0.3;
      const legs = { lexical: quality(0.6), dense: quality(0.55), fused: quality(before === 0.3 ? 0.71 : 0.62) };
      return { queries: 1, ...legs, dense_weight: before, best_dense_weight: 0.3 };
    },
  });
  tab = mountPagePart(TryTab, { props: { base: makeBase(), canEdit }, router: memoryRouter() });
  await flushPromises();
  return server;
}

const get = (id: string) => tab.get(`[data-testid="${id}"]`);
async function press(id: string): Promise<void> {
  await get(id).trigger('click');
  await flushPromises();
}
async function search(query = 'Why?'): Promise<void> {
  await get('try-query').setValue(query);
  await get('try-form').trigger('submit');
  await flushPromises();
}
function scores(hit: number): string[][] {
  const bars = tab.findAll('[data-testid="hit"]')[hit]?.findAll('.score') ?? [];
  return bars.map((one) => [one.get('.score-label').text(), one.get('.score-text').text()]);
}

it('shows the hits of the prompt in its order, then what was left out and why', async () => {
  await start(
    makeTrace([
      makeHit({ chunk_id: 'second', index: 2 }),
      makeHit({ chunk_id: 'first', index: 1 }),
      makeHit({ chunk_id: 'late', index: null, dropped: 'too-many' }),
      makeHit({ chunk_id: 'odd', index: null, dropped: 'flagged', flags: ['instructions'] }),
    ]),
  );
  await search();
  const texts = tab.findAll('.hit-text').map((one) => one.text());
  expect(texts).toEqual(['first', 'second', 'late', 'odd'].map((name) => `Text of ${name}.`));
  expect(tab.findAll('.hit-group-title').map((one) => one.text())).toEqual([
    'In the prompt: 2 passages',
    'Left out: 2 passages',
  ]);
  expect(tab.findAll('[data-testid="hit-dropped"]').map((one) => one.text())).toEqual([
    'Left out: the base allows no more passages.',
    'Left out: it carries a warning.',
  ]);
  expect(get('try-spoken').text()).toBe('4 passages were found.');
});

it('shows where each search had a hit, and its score', async () => {
  await start(
    makeTrace([
      makeHit({ chunk_id: 'a', lexical: { rank: 3, score: 4.5 }, reranked: 0.97 }),
      makeHit({ chunk_id: 'b', lexical: null, index: 2 }),
    ]),
  );
  await search();
  expect(scores(0)).toEqual([
    ['Words', 'No. 3 (4.5)'],
    ['Meaning', 'No. 1 (0.8)'],
    ['Together', '0.9'],
    ['Reranked', '0.97'],
  ]);
  expect(scores(1)[0]).toEqual(['Words', 'not found']);
});

it('shows no search by meaning where there is none', async () => {
  await start(makeTrace([makeHit({ chunk_id: 'a', dense: null })]));
  await search();
  expect(scores(0).map(([label]) => label)).toEqual(['Words', 'Together']);
});

it('says what a search lacked, how long each stage took, and when nothing was found', async () => {
  const alarms = [{ kind: 'no-terms' as const, message: 'No words.' }];
  await start(makeTrace([], { alarms }));
  await search();
  expect(get('alarms').text()).toContain('The question has no words that can be searched');
  expect(get('timings').text()).toContain('Embedding30 ms');
  expect(get('timings').text()).toContain('Altogether42 ms');
  expect(get('try-nothing').text()).toBe('No passage was found.');
});

it('judges a hit, takes the judgement back, and leads to the passage', async () => {
  const server = await start(makeTrace([makeHit({ chunk_id: 'a', start: 5, end: 20 })]));
  await search();
  expect(get('hit-link').attributes('href')).toBe('/knowledge/b1/documents/d1?at=5-20');
  await press('judge-right');
  expect(server.sentTo(`POST ${JUDGE}`)).toEqual([{ query: 'Why?', document_id: 'd1', start: 5, end: 20, grade: 2 }]);
  expect(get('judge-right').attributes('aria-pressed')).toBe('true');
  await press('judge-right');
  expect(server.sentTo(`DELETE ${JUDGE}/j1`)).toHaveLength(1);
  expect(get('judge-right').attributes('aria-pressed')).toBe('false');
});

it('changes its mind from right to wrong', async () => {
  const server = await start(makeTrace([makeHit({ chunk_id: 'a' })]));
  await search();
  await press('judge-right');
  await press('judge-wrong');
  expect(server.sentTo(`POST ${JUDGE}`).map((sent) => (sent as { grade: number }).grade)).toEqual([2, 0]);
  expect(get('hit').attributes('data-verdict')).toBe('wrong');
});

it('shows the figures before and after tuning', async () => {
  await start(makeTrace([makeHit({ chunk_id: 'a' })]));
  await search();
  await press('judge-right');
  await press('tune');
  const figures = get('evaluation-figures')
    .findAll('.score')
    .map((one) => `${one.get('.score-label').text()}: ${one.get('.score-text').text()}`);
  expect(figures).toEqual([
    'Words: 0.600',
    'Meaning: 0.550',
    'Before, 50% meaning: 0.620',
    'After, 30% meaning: 0.710',
  ]);
  expect(tab.emitted('tuned')).toHaveLength(1);
});

it('asks a query of the history again', async () => {
  const server = await start(makeTrace([makeHit({ chunk_id: 'a' })]));
  await search();
  await press('past-search');
  expect(server.sentTo('POST /api/knowledge-bases/search')).toHaveLength(2);
});

it('lets a reader search, but not judge or tune', async () => {
  await start(makeTrace([makeHit({ chunk_id: 'a' })]), false);
  await search();
  expect(tab.find('[data-testid="judge-right"]').exists()).toBe(false);
  expect(tab.find('[data-testid="evaluation"]').exists()).toBe(false);
});
