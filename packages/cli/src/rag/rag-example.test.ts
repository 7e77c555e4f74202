import { textOfMessage } from '@parley/contracts';
import { collect, endOf, ScriptedCompletion } from '@parley/rag/testing';
import { expect, it } from 'vitest';
import { askPage } from '../../../../docs/examples/rag.ts';
import { BLOG_POST, servePages } from '../testing/page-server.ts';

it('the example in the docs answers from the chosen parts of a page, and says where it found what', async () => {
  const server = await servePages({ '/post': BLOG_POST });
  const model = new ScriptedCompletion(['By prompting. [1]', endOf()]);
  const question = { url: `${server.url}/post`, question: 'What is task decomposition?', model: 'm' };
  const events = await collect(askPage({ ...question, complete: model.complete }, true));
  server.close();
  expect(events.map(({ type }) => type)).toEqual(['status', 'sources', 'status', 'text-delta', 'finish']);
  const sources = events.flatMap((event) => (event.type === 'sources' ? event.sources : []));
  expect(sources[0]).toMatchObject({ document_id: question.url, title: 'Agents', index: 1 });
  expect(sources[0]?.quote).toContain('splits a large task');
  const prompt = textOfMessage(model.requests[0]!.messages[0]!);
  expect(prompt).toContain('splits a large task');
  expect(prompt).not.toContain('sold in our shop');
});
