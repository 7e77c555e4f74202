import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParleyError, type ModelView } from '@parley/contracts';
import type { AnswerEvent } from '@parley/rag';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseModel } from './choose-model.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { receiveAnswer } from './receive-answer.ts';

describe('the history file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-history-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is empty before the first question, and keeps what is written, for its owner alone', () => {
    const file = join(folder, 'talk.json');
    expect(readHistory(file)).toEqual([]);
    const turns = [{ question: 'Why?', answer: '因为。' }];
    writeHistory(file, turns);
    expect(readHistory(file)).toEqual(turns);
    const mayOthersRead = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
    expect(mayOthersRead).toBe(false);
  });

  it.each(['not json', '{}', '{"turns":[{"question":1}]}'])(
    'that holds %s is no conversation, and is left alone',
    (text) => {
      const file = join(folder, 'other.json');
      writeFileSync(file, text);
      expect(readHistory(file)).toBeNull();
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );
});

describe('the model that is asked', () => {
  const model = (name: string, state: ModelView['state'], purpose: ModelView['purpose'] = 'chat'): ModelView => ({
    name,
    label: name,
    purpose,
    kind: 'online',
    engine: 'x',
    knowledge: null,
    context_length: null,
    capabilities: { vision: false, tools: false, reasoning: false },
    loading_percent: null,
    state,
    needs_key: state === 'needs-key' ? 'A_KEY' : null,
  });
  const models = [
    model('locked', 'needs-key'),
    model('vectors', 'ready', 'embedding'),
    model('first', 'ready'),
    model('second', 'ready'),
  ];

  it('is the first that is ready, or the one named', () => {
    expect(chooseModel(models, undefined).name).toBe('first');
    expect(chooseModel(models, 'second').name).toBe('second');
  });

  it.each([
    ['third', 'model_not_found', 'first, second'],
    ['locked', 'model_needs_key', 'A_KEY'],
    ['vectors', 'invalid_request', 'does not answer questions'],
  ])('cannot be %s', (name, code, words) => {
    const refused = expect.objectContaining({ code, message: expect.stringContaining(words) });
    expect(() => chooseModel(models, name)).toThrow(refused);
  });

  it('for vectors is one that makes them', () => {
    expect(chooseModel(models, 'vectors', 'embedding').name).toBe('vectors');
    const refused = expect.objectContaining({ message: expect.stringContaining('does not turn texts into vectors') });
    expect(() => chooseModel(models, 'first', 'embedding')).toThrow(refused);
    const missing = expect.objectContaining({ message: expect.stringContaining('Ready are: vectors.') });
    expect(() => chooseModel(models, 'third', 'embedding')).toThrow(missing);
  });

  it('must be there', () => {
    const none = { code: 'no_worker_for_model', message: 'No model is ready; "parley models" says why.' };
    expect(() => chooseModel([], undefined)).toThrow(expect.objectContaining(none));
  });
});

describe('an answer that is received', () => {
  async function* events(...end: (AnswerEvent | Error)[]): AsyncGenerator<AnswerEvent> {
    yield { type: 'text-delta', text: 'Half' };
    for (const event of end) {
      if (event instanceof Error) throw event;
      yield event;
    }
  }

  it('is complete with its finish', async () => {
    const shown: string[] = [];
    const received = await receiveAnswer(events({ type: 'finish', reason: 'stop', usage: null }), (text) =>
      shown.push(text),
    );
    expect(received).toEqual({ answer: 'Half', status: 'complete', sources: [], alarms: [], usage: null, error: null });
    expect(shown).toEqual(['Half']);
  });

  it.each([
    ['stopped', 'request_aborted', null],
    ['failed', 'queue_full', { code: 'queue_full', message: 'Words.', retryable: true }],
  ] as const)('is %s by %s, its text kept', async (status, code, error) => {
    const received = await receiveAnswer(events(new ParleyError(code, 'Words.')), () => {});
    expect(received).toMatchObject({ answer: 'Half', status, error });
  });

  it('passes on what nobody foresaw', async () => {
    await expect(receiveAnswer(events(new TypeError('a mistake')), () => {})).rejects.toThrow('a mistake');
  });
});
