import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParleyError, type ChatCompletionChunk, type ChatCompletionRequest, type ErrorCode } from '@parley/contracts';
import { collect } from '@parley/service-kit/testing';
import type { PatienceOptions } from './patience.ts';
import { patientCompletion } from './patient-completion.ts';

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
const chunk = (content: string): ChatCompletionChunk => ({ choices: [{ index: 0, delta: { content } }] });
const error = (code: ErrorCode) => new ParleyError(code, 'No.');

let attempts: number;
let waits: number;
/** What each attempt was asked to go on from. */
let begun: ChatCompletionRequest['parley_continue_from'][];

afterEach(() => vi.restoreAllMocks());

beforeEach(() => {
  attempts = 0;
  waits = 0;
  begun = [];
});

/** Fails as told, attempt by attempt; says "Hi" when nothing is left. */
function ask(
  failures: (() => Iterable<ChatCompletionChunk>)[],
  { signal = new AbortController().signal, ...patience }: PatienceOptions & { signal?: AbortSignal } = {},
) {
  const complete = async function* complete(asked: ChatCompletionRequest) {
    const failure = failures[attempts];
    attempts += 1;
    begun.push(asked.parley_continue_from ?? null);
    yield* failure ? failure() : [chunk('Hi')];
  };
  const onWait = () => {
    waits += 1;
  };
  return collect(patientCompletion(complete, { ...patience, onWait })(request, signal));
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

  it('is asked for again, however long it was queued and its prompt was read', async () => {
    const now = () => attempts * 60_000;
    expect(await ask([failing('worker_unreachable')], { now })).toEqual([chunk('Hi')]);
  });

  it('is given up when the patience is over', async () => {
    const failures = Array.from({ length: 99 }, () => failing('gateway_unreachable'));
    const patience = { patienceMs: 250, now: () => attempts * 100 };
    await expect(ask(failures, patience)).rejects.toMatchObject({ code: 'gateway_unreachable' });
    expect(attempts).toBe(2);
  });

  it('is given up in time also when the clock is set back', async () => {
    vi.spyOn(Date, 'now').mockReturnValueOnce(3_600_000).mockReturnValue(0);
    const failures = Array.from({ length: 99 }, () => failing('gateway_unreachable'));
    await expect(ask(failures, { patienceMs: 0 })).rejects.toMatchObject({ code: 'gateway_unreachable' });
    expect(attempts).toBe(1);
  });

  it('is given up at once when it is stopped', async () => {
    const signal = AbortSignal.abort();
    await expect(ask([failing('gateway_unreachable')], { signal })).rejects.toThrow('No.');
    expect(waits).toBe(0);
  });
});

describe('an answer that breaks off in its middle', () => {
  const SEED = 7;
  const token = (content: string, ...ids: number[]): ChatCompletionChunk => ({
    ...chunk(content),
    parley: { token_ids: ids, seed: SEED },
  });

  it('goes on after its last token, as often as it breaks off, and nothing is said twice', async () => {
    const said = await ask([
      failing('stream_interrupted', token('One ', 1), token('two ', 2, 3)),
      failing('worker_unreachable'),
      failing('gateway_unreachable', token('three ', 4)),
    ]);
    expect(said.map(({ choices }) => choices[0]?.delta.content).join('')).toBe('One two three Hi');
    const from = (...token_ids: number[]) => ({ token_ids, seed: SEED });
    expect(begun).toEqual([null, from(1, 2, 3), from(1, 2, 3), from(1, 2, 3, 4)]);
    expect(waits).toBe(3);
  });

  it('is waited for anew, however long it was written', async () => {
    let time = 0;
    const complete = async function* complete(asked: ChatCompletionRequest) {
      yield token('Half', 1);
      time += 600_000;
      if (!asked.parley_continue_from) throw error('stream_interrupted');
    };
    const patient = patientCompletion(complete, { patienceMs: 5_000, now: () => time, onWait: () => {} });
    expect(await collect(patient(request, new AbortController().signal))).toHaveLength(2);
  });

  it('stays broken off when its text came without tokens, as a vendor’s does', async () => {
    const failures = [failing('stream_interrupted', token('One', 1), chunk('Half'))];
    await expect(ask(failures)).rejects.toMatchObject({ code: 'stream_interrupted' });
    expect(attempts).toBe(1);
  });

  it('stays broken off when nobody can go on, and says why it broke off', async () => {
    const failures = [failing('stream_interrupted', token('One', 1)), failing('invalid_request')];
    await expect(ask(failures)).rejects.toMatchObject({ code: 'stream_interrupted' });
    expect(attempts).toBe(2);
  });

  it('is given up when it breaks off again and again', async () => {
    const failures = Array.from({ length: 99 }, () => failing('stream_interrupted', token('One', 1)));
    await expect(ask(failures)).rejects.toMatchObject({ code: 'stream_interrupted' });
    expect(attempts).toBe(4);
  });

  it('is not asked for again after its end', async () => {
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    await expect(ask([failing('stream_interrupted', token('One', 1), end)])).rejects.toThrow('No.');
    expect(waits).toBe(0);
  });

  it('is not asked for again after Stop', async () => {
    const signal = AbortSignal.abort();
    await expect(ask([failing('stream_interrupted', token('One', 1))], { signal })).rejects.toThrow('No.');
    expect(waits).toBe(0);
  });
});
