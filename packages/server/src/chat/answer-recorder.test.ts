import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AnswerPiece } from '../conversations/messages.repository.ts';
import { AnswerRecorder } from './answer-recorder.ts';

let appended: AnswerPiece[];
let finished: unknown[];
let failures: unknown[];
let appendFails: Error | null;
let recorder: AnswerRecorder;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  [appended, finished, failures, appendFails] = [[], [], [], null];
  const messages = {
    append: async (_id: string, piece: AnswerPiece) => {
      if (appendFails) throw appendFails;
      appended.push(piece);
    },
    finish: async (...row: unknown[]) => void finished.push(row),
  };
  recorder = new AnswerRecorder({
    messages,
    messageId: 'a',
    now: Date.now,
    onFailure: (error) => failures.push(error),
  });
});

afterEach(() => vi.useRealTimers());

const say = (text: string) => recorder.take({ type: 'text-delta', text });

it('stores what came within a quarter of a second at once', async () => {
  for (let piece = 0; piece < 50; piece += 1) {
    say('x');
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(250);
  expect(appended.map(({ content }) => content.length)).toEqual([25, 25]);
});

it('stores the last piece of a stream that pauses', async () => {
  say('one');
  await vi.advanceTimersByTimeAsync(250);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(appended).toEqual([{ content: 'one', reasoning: '', sources: null }]);
});

it('stores the whole answer at the end, with its times', async () => {
  await vi.advanceTimersByTimeAsync(40);
  recorder.take({ type: 'reasoning-delta', reasoning: 'Hm.' });
  await vi.advanceTimersByTimeAsync(300);
  say('one');
  const end = await recorder.finish({ status: 'stopped', error: null });
  expect(end.timings).toEqual({ first_token_ms: 40, total_ms: 340 });
  expect(finished).toEqual([['a', { content: 'one', reasoning: 'Hm.' }, { ...end, trace: null, finishedAt: 1_340 }]]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(appended).toEqual([{ content: '', reasoning: 'Hm.', sources: null }]);
});

it('tells when a piece could not be stored', async () => {
  appendFails = new Error('full');
  say('one');
  await vi.advanceTimersByTimeAsync(250);
  expect(failures).toEqual([appendFails]);
});
