import { expect, it } from 'vitest';
import { WaitingLine } from './waiting-line.ts';

const entry = (user: string, name: string) => ({ user, name });
function lineOf(...entries: { user: string; name: string }[]) {
  const line = new WaitingLine<{ user: string; name: string }>();
  for (const one of entries) line.add(one);
  return line;
}

it('serves users in turn, and each of them in the order of arrival', () => {
  const line = lineOf(entry('ada', 'a1'), entry('ada', 'a2'), entry('ada', 'a3'), entry('bob', 'b1'));
  const promised = line.inOrder().map(({ name }) => name);
  const served = [line.take(), line.take(), line.take(), line.take()].map((one) => one?.name);
  expect(served).toEqual(['a1', 'b1', 'a2', 'a3']);
  expect(promised).toEqual(served);
  expect([line.take(), line.size]).toEqual([null, 0]);
});

it('lets someone leave from the middle', () => {
  const [first, second, third] = [entry('ada', 'a1'), entry('ada', 'a2'), entry('bob', 'b1')];
  const line = lineOf(first, second, third);
  expect([line.remove(third), line.remove(third)]).toEqual([true, false]);
  expect(line.inOrder()).toEqual([first, second]);
});
