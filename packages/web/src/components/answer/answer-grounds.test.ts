import { flushPromises } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import type { RetrievalTrace } from '@parley/contracts';
import { useAnswerTraces } from '../../composables/chat-knowledge/use-answer-traces.ts';
import type { ShownMessage } from '../../conversation/message-tree.ts';
import type { LocaleName } from '../../locales/create-i18n.ts';
import { makeTrace } from '../../testing/make-knowledge.ts';
import { makeMessage, makeSource } from '../../testing/make-message.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import { answerTracesKey } from '../injection-keys.ts';
import AnswerGrounds from './answer-grounds.vue';

const down = [{ kind: 'embedding-failed' as const, message: 'embedding-3 did not answer.' }];
const cited = { ...makeSource(1, 'The quote.'), base_id: 'b1' };

interface Start {
  message: ShownMessage;
  trace?: RetrievalTrace | null;
  hasDocuments?: boolean;
  locale?: LocaleName;
}

async function start({ message, trace = makeTrace([]), hasDocuments = true, locale = 'en' }: Start) {
  const read = vi.fn<(id: string) => Promise<RetrievalTrace | null>>().mockResolvedValue(trace);
  const traces = useAnswerTraces({ hasDocuments: () => hasDocuments, read });
  const part = mountPagePart(AnswerGrounds, {
    props: { message },
    locale,
    provide: { [answerTracesKey as symbol]: traces },
  });
  await flushPromises();
  const text = (id: string) =>
    part.find(`[data-testid="${id}"]`).exists() ? part.get(`[data-testid="${id}"]`).text() : null;
  return { part, read, text };
}

it('says above an answer which search was missing, in the language of the reader', async () => {
  const message = makeMessage({ id: 'a', content: 'So [1].', sources: [cited] });
  const trace = makeTrace([], { alarms: down });
  expect((await start({ message, trace })).text('answer-alarms')).toBe(
    'Only words were searched: the embedding model did not answer.',
  );
  expect((await start({ message, trace, locale: 'zh' })).text('answer-alarms')).toBe(
    '只按词语检索：向量模型没有响应。',
  );
});

it('says that nothing was found in the documents', async () => {
  const { text } = await start({ message: makeMessage({ id: 'a', content: 'I do not know.' }) });
  expect(text('answer-lack')).toBe('Not from your documents. No passage about this was found in them.');
});

it('says that passages were found and none is cited', async () => {
  const { text } = await start({ message: makeMessage({ id: 'a', content: 'Perhaps.', sources: [cited] }) });
  expect(text('answer-lack')).toContain('the answer cites none of them');
});

it('says nothing of an answer that cites its documents', async () => {
  const { text } = await start({ message: makeMessage({ id: 'a', content: 'So [1].', sources: [cited] }) });
  expect([text('answer-lack'), text('answer-alarms')]).toEqual([null, null]);
});

it('says nothing, and asks for nothing, in a chat without documents or while an answer is written', async () => {
  const plain = await start({ message: makeMessage({ id: 'a', content: 'Hello.' }), hasDocuments: false });
  const growing = await start({ message: makeMessage({ id: 'a', status: 'streaming', content: 'Hel' }) });
  for (const { read, text } of [plain, growing]) {
    expect(read).not.toHaveBeenCalled();
    expect(text('answer-lack')).toBeNull();
  }
});

it('reads the trace once the answer has ended, and only once', async () => {
  const growing = makeMessage({ id: 'a', status: 'streaming', content: 'Hel' });
  const { part, read } = await start({ message: growing });
  await part.setProps({ message: { ...growing, status: 'complete' } });
  await part.setProps({ message: { ...growing, status: 'complete', feedback: 1 } });
  await flushPromises();
  expect(read.mock.calls).toEqual([['a']]);
});

it('says nothing of an answer for which nothing was searched', async () => {
  const { text } = await start({ message: makeMessage({ id: 'a', content: 'Hello.' }), trace: null });
  expect(text('answer-lack')).toBeNull();
});
