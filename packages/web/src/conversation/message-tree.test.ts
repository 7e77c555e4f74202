import { expect, it } from 'vitest';
import { makeMessage } from '../testing/make-message.ts';
import { choose, siblingsOf, visiblePath } from './message-tree.ts';

const messages = [
  makeMessage({ id: 'q1', role: 'user' }),
  makeMessage({ id: 'a1', parent_id: 'q1' }),
  makeMessage({ id: 'a2', parent_id: 'q1' }),
  makeMessage({ id: 'q2', parent_id: 'a1', role: 'user' }),
  makeMessage({ id: 'a3', parent_id: 'q2' }),
];
const idsOf = (path: { id: string }[]) => path.map(({ id }) => id);

it('shows the newest answer where the reader has not chosen', () => {
  expect(idsOf(visiblePath(messages, new Map()))).toEqual(['q1', 'a2']);
});

it('goes on below the answer that the reader has chosen', () => {
  expect(idsOf(visiblePath(messages, choose(new Map(), 'q1', 'a1')))).toEqual(['q1', 'a1', 'q2', 'a3']);
});

it('forgets a choice whose message is gone', () => {
  expect(idsOf(visiblePath(messages, choose(new Map(), 'q1', 'gone')))).toEqual(['q1', 'a2']);
});

it('counts answers to the same question as siblings, oldest first', () => {
  expect(idsOf(siblingsOf(messages, messages[2]!))).toEqual(['a1', 'a2']);
});

it('shows a message whose parent is missing as a branch of its own', () => {
  expect(idsOf(visiblePath([makeMessage({ id: 'x', parent_id: 'lost' })], new Map()))).toEqual(['x']);
});

it('ends also when messages name each other as parents', () => {
  const circle = [makeMessage({ id: 'x', parent_id: 'y' }), makeMessage({ id: 'y', parent_id: 'x' })];
  expect(visiblePath(circle, new Map())).toEqual([]);
});
