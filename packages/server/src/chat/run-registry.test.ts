import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerRun } from './answer-run.ts';
import { RunRegistry } from './run-registry.ts';

const runOf = (messageId: string, questionId = `question of ${messageId}`) =>
  new AnswerRun({ userId: 'ada', conversationId: 'c', questionId, messageId, model: 'm', requestId: 'r' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** Adds runs that end at once. */
async function addFinished(runs: RunRegistry, ...messageIds: string[]): Promise<void> {
  for (const messageId of messageIds) {
    const run = runOf(messageId);
    runs.add(run);
    run.finish('complete');
    await run.ended;
  }
}

describe('a finished run', () => {
  it('can be followed for its minutes, then it is forgotten', async () => {
    const runs = new RunRegistry({ keepMs: 300_000 });
    await addFinished(runs, 'a');
    expect(runs.isActive('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(299_999);
    expect(runs.find('ada', 'a')).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(runs.find('ada', 'a')).toBeNull();
  });

  it('makes room for newer ones', async () => {
    const runs = new RunRegistry({ maxFinished: 2 });
    await addFinished(runs, 'a', 'b', 'c');
    expect(['a', 'b', 'c'].map((id) => runs.find('ada', id) !== null)).toEqual([false, true, true]);
  });
});

it('gives a run to its own user only', () => {
  const runs = new RunRegistry();
  runs.add(runOf('a'));
  expect(runs.find('ada', 'a')).not.toBeNull();
  expect(runs.find('bob', 'a')).toBeNull();
});

it('takes one run per question', () => {
  const runs = new RunRegistry();
  runs.add(runOf('a', 'q'));
  expect(() => runs.add(runOf('b', 'q'))).toThrow('being answered already');
  runs.add(runOf('c', 'other'));
});

it('does not leave anybody waiting for a run that never began', async () => {
  const runs = new RunRegistry();
  const run = runOf('a');
  runs.add(run);
  const stopping = runs.stopConversation('c');
  runs.discard(run);
  await stopping;
  expect(runs.isRunning('c')).toBe(false);
  expect(runs.find('ada', 'a')).toBeNull();
});

it('interrupts what still runs after the grace, and takes nothing new meanwhile', async () => {
  const runs = new RunRegistry();
  const run = runOf('a');
  runs.add(run);
  run.signal.addEventListener('abort', () => run.finish(run.stoppedAs ?? 'complete'));
  const drained = runs.drain(10_000);
  expect(() => runs.add(runOf('b'))).toThrow('stopping');
  await vi.advanceTimersByTimeAsync(10_000);
  await drained;
  expect(await run.ended).toBe('interrupted');
});
