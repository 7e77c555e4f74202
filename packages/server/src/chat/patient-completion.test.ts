import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParleyError, type ChatCompletionChunk, type ErrorCode } from '@parley/contracts';
import { collect } from '@parley/service-kit/testing';
import { patientCompletion } from './patient-completion.ts';

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const chunk = (content: string): ChatCompletionChunk => ({ choices: [{ index: 0, delta: { content } }] });
const error = (code: ErrorCode) => new ParleyError(code, 'No.');

let attempts: number;
let waits: number;

afterEach(() => vi.restoreAllMocks());

beforeEach(() => {
  attempts = 0;
  waits = 0;
});

/** Fails as told, attempt by attempt; says "Hi" when nothing is left. */
function ask(
  failures: (() => Iterable<ChatCompletionChunk>)[],
  { patienceMs = 5_000, signal = new AbortController().signal } = {},
) {
  const complete = async function* complete() {
    const failure = failures[attempts];
    attempts += 1;
    yield* failure ? failure() : [chunk('Hi')];
  };
  const onWait = () => {
    waits += 1;
  };
  return collect(patientCompletion(complete, { patienceMs, onWait })(request, signal));
}

function failing(code: ErrorCode, ...before: ChatCompletionChunk[]) {
  return function* fail() {
    yield* before;
    throw error(code);
  };
}

describe('a completion that fails before its first word', () => {
  it.each(['gateway_unreachable', 'no_worker_for_model', 'worker_unreachable', 'stream_interrupted'] as const)(
    'is asked for again after %s',
    async (code) => {
      expect(await ask([failing(code, chunk('')), failing(code)])).toEqual([chunk(''), chunk('Hi')]);
      expect(waits).toBe(2);
    },
  );

  it('is not asked for again when that would not help', async () => {
    await expect(ask([failing('provider_key_refused')])).rejects.toMatchObject({ code: 'provider_key_refused' });
    expect(attempts).toBe(1);
  });

  it('is given up when the patience is over', async () => {
    const failures = Array.from({ length: 99 }, () => failing('gateway_unreachable'));
    await expect(ask(failures, { patienceMs: 150 })).rejects.toMatchObject({ code: 'gateway_unreachable' });
    expect(attempts).toBe(2);
  });

  it('is given up in time also when the clock is set back', async () => {
    vi.spyOn(Date, 'now').mockReturnValueOnce(3_600_000).mockReturnValue(0);
    const failures = Array.from({ length: 99 }, () => failing('gateway_unreachable'));
    await expect(ask(failures, { patienceMs: 150 })).rejects.toMatchObject({ code: 'gateway_unreachable' });
    expect(attempts).toBe(2);
  });

  it('is given up at once when it is stopped', async () => {
    const signal = AbortSignal.abort();
    await expect(ask([failing('gateway_unreachable')], { signal })).rejects.toThrow('No.');
    expect(waits).toBe(0);
  });
});

it('never says anything twice: after the first word a failure is final', async () => {
  await expect(ask([failing('stream_interrupted', chunk('Half'))])).rejects.toMatchObject({
    code: 'stream_interrupted',
  });
  expect(attempts).toBe(1);
});
