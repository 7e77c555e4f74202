import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { makeMessage } from '../testing/make-message.ts';
import { useAnnouncer } from './use-announcer.ts';

const words = { answering: () => 'Answering.', ended: (answer: ShownMessage) => `Ended ${answer.status}.` };
const scope = effectScope();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const answer = shallowRef<ShownMessage | null>(null);
  const spoken = scope.run(() => useAnnouncer(answer, words))!;
  const grow = async (content: string, status: ShownMessage['status'] = 'streaming') => {
    answer.value = makeMessage({ id: 'a', content, status });
    await nextTick();
  };
  return { spoken, grow };
}

it('says whole sentences, each once, and not every token', async () => {
  const { spoken, grow } = start();
  await grow('');
  expect(spoken.value).toBe('Answering.');
  await grow('The first **one**. The sec');
  expect(spoken.value).toBe('Answering.');
  vi.advanceTimersByTime(1500);
  expect(spoken.value).toBe('The first one.');
  await grow('The first **one**. The second [1]. And');
  vi.advanceTimersByTime(1500);
  expect(spoken.value).toBe('The second.');
});

it('says the rest and how the answer ended', async () => {
  const { spoken, grow } = start();
  await grow('');
  await grow('All of it.', 'complete');
  expect(spoken.value).toBe('All of it. Ended complete.');
});

it('is silent about answers that were there before', async () => {
  const { spoken, grow } = start();
  await grow('Old words.', 'complete');
  vi.advanceTimersByTime(5000);
  expect(spoken.value).toBe('');
});
