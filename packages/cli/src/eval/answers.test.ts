import { describe, expect, it } from 'vitest';
import { ParleyError, type ChatEvent, type ChatRequest, type Source } from '@parley/contracts';
import { askQuestion, type GivenAnswer } from './ask-question.ts';
import { inParallel } from './in-parallel.ts';
import { toAnswersJson, toAnswersRun } from './print-answers.ts';
import { scoreQuestion, withoutCitations, type ScoredQuestion } from './score-question.ts';

const never = new AbortController().signal;
const source = (index: number, quote: string) => ({ index, quote }) as Source;
const given = (more: Partial<GivenAnswer> = {}): GivenAnswer => ({
  model: 'm',
  text: 'Mrs Lee. [1]',
  status: 'complete',
  sources: [source(1, 'Mrs Lee runs the canteen.'), source(2, 'Nothing.')],
  error: null,
  total_ms: 5,
  ...more,
});
const question = { id: 'q', question: 'Who?', answers: ['Mrs Lee'], base: null };

/** FAKE server: plays events and records what is asked of it. */
class FakeApp {
  readonly asked: ChatRequest[] = [];
  readonly calls: string[] = [];
  readonly #events: ChatEvent[];
  onText: () => void = () => {};

  constructor(...events: ChatEvent[]) {
    this.#events = events;
  }

  async *chat(request: ChatRequest): AsyncGenerator<ChatEvent> {
    this.asked.push(request);
    for (const event of this.#events) {
      yield event;
      if (event.type === 'text-delta') this.onText();
    }
  }

  async stopAnswer(id: string): Promise<void> {
    this.calls.push(`stop ${id}`);
    throw new Error('it has ended meanwhile');
  }

  async deleteConversation(id: string): Promise<void> {
    this.calls.push(`delete ${id}`);
  }
}

const start: ChatEvent = {
  type: 'start',
  message_id: 'a',
  conversation_id: 'c',
  user_message_id: 'u',
  model: 'm',
};
const text: ChatEvent = { type: 'text-delta', message_id: 'a', text: 'Mrs Lee' };
const timings = { first_token_ms: 1, total_ms: 9 };
const finish: ChatEvent = {
  type: 'done',
  message_id: 'a',
  status: 'complete',
  finish_reason: 'stop',
  usage: null,
  timings,
};

describe('a question', () => {
  const ask = (app: FakeApp, signal = never) =>
    askQuestion(app, { question: 'Who?', baseIds: ['b'], model: null }, signal);

  it('is asked in a conversation of its own, which is gone afterwards', async () => {
    const app = new FakeApp(start, text, finish);
    expect(await ask(app)).toMatchObject({ model: 'm', text: 'Mrs Lee', status: 'complete', total_ms: 9 });
    expect(app.asked).toMatchObject([{ query: 'Who?', conversation_id: '', knowledge_bases: ['b'] }]);
    expect(app.calls).toEqual(['delete c']);
  });

  it('leaves no conversation when its answer breaks off', async () => {
    const app = new FakeApp(start, text);
    expect(await ask(app)).toMatchObject({ status: 'interrupted', text: 'Mrs Lee' });
    expect(app.calls).toEqual(['delete c']);
  });

  it('stops its answer with the evaluation', async () => {
    const app = new FakeApp(start, text, finish);
    const stopping = new AbortController();
    app.onText = () => stopping.abort();
    await ask(app, stopping.signal);
    expect(app.calls).toEqual(['stop a', 'delete c']);
  });
});

describe('the score of an answer', () => {
  it('counts what was said without its citation marks', () => {
    const sources = [source(1, ''), source(12, '')];
    expect(withoutCitations({ text: 'One [1], two[12] and [3]. a[1]', sources })).toBe('One, two and [3]. a');
  });

  it('counts the passages only where a base was asked', async () => {
    const inBase = await scoreQuestion(question, { given: given(), hasBase: true, judge: null }, never);
    expect(inBase.scores).toMatchObject({ exact_match: 1, passage_recall: 1, passage_precision: 0.5, judge: null });
    const without = await scoreQuestion(question, { given: given(), hasBase: false, judge: null }, never);
    expect(without.scores).toMatchObject({ exact_match: 1, passage_recall: null });
  });

  it('is 0 for an answer that did not come whole, which no judge sees', async () => {
    const complete = () => {
      throw new Error('not to be asked');
    };
    const judge = { model: 'j', complete };
    const scored = await scoreQuestion(question, { given: given({ status: 'failed' }), hasBase: false, judge }, never);
    expect(scored).toMatchObject({ verdict: null, scores: { exact_match: 0, f1: 0, judge: null } });
  });
});

describe('the figures of all answers', () => {
  const scored = async (id: string, grade: number | null, more: Partial<GivenAnswer> = {}): Promise<ScoredQuestion> => {
    const one = await scoreQuestion({ ...question, id }, { given: given(more), hasBase: false, judge: null }, never);
    const verdict =
      grade === null
        ? ({ outcome: 'refused', reply: '' } as const)
        : ({ outcome: 'graded', grade, reply: '' } as const);
    return { ...one, verdict, scores: { ...one.scores, judge: grade } };
  };

  it('are means; a grade that was not given is counted, not made up', async () => {
    const answers = [await scored('1', 1), await scored('2', null), await scored('3', 0, { status: 'failed' })];
    const result = { answers, judge: 'j' };
    expect(toAnswersJson(result, [])).toMatchObject({
      questions: 3,
      unanswered: 1,
      means: { exact_match: 2 / 3, judge: 0.5 },
      verdicts: { graded: 2, refused: 1 },
    });
    const { runs } = toAnswersRun('/somewhere/questions.jsonl', result, 7);
    expect(runs).toMatchObject([{ name: 'questions.jsonl', scores: { answers: { judge: { '1': 1, '3': 0 } } } }]);
    expect(runs[0]?.scores['answers']).not.toHaveProperty('passage_recall');
  });
});

describe('work in parallel', () => {
  const items = [0, 1, 2, 3, 4];

  it('answers in the order of the items, so many at a time', async () => {
    let [running, most] = [0, 0];
    const work = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = items.length - item; turn > 0; turn -= 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    };
    const heard: number[] = [];
    const results = await inParallel(items, { count: 2, signal: never, work, onDone: (done) => heard.push(done) });
    expect([results, most, heard]).toEqual([[0, 10, 20, 30, 40], 2, [1, 2, 3, 4, 5]]);
  });

  it('keeps what was done when it is stopped', async () => {
    const stopping = new AbortController();
    const work = async (item: number) => {
      if (item < 2) return item;
      stopping.abort();
      throw new ParleyError('request_aborted', 'Stopped.');
    };
    const results = await inParallel(items, { count: 1, signal: stopping.signal, work, onDone: () => {} });
    expect(results).toEqual([0, 1]);
  });

  it('begins nothing more after a failure', async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 1) throw new Error('broken');
    };
    const all = inParallel(items, { count: 1, signal: never, work, onDone: () => {} });
    await expect(all).rejects.toThrow('broken');
    expect(begun).toEqual([0, 1]);
  });
});
