import { ParleyError, fromPassageBlock, textOfMessage, type ChatCompletionRequest } from '@parley/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerChat, answerFromKnowledgeBase, writeTitle } from './answers.ts';
import type { AnswerEvent } from './chains/answer-event.ts';
import { Bm25Index } from './lexical/bm25-index.ts';
import { passagesOf } from './retrieval/passages-of.ts';
import { collect, collectUntilError } from './testing/collect.ts';
import { makeChunk } from './testing/make-chunk.ts';
import { endOf, ScriptedCompletion, SILENCE } from './testing/scripted-completion.ts';

const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const open = () => new AbortController().signal;
const textOf = (events: AnswerEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const rolesAndTexts = (request: ChatCompletionRequest | undefined) =>
  request?.messages.map(({ role, content }) => [role, content]);

function input(model: ScriptedCompletion, question = 'And you?') {
  return { model: 'm', question, turns: [{ question: 'Hi', answer: 'Hello.' }], complete: model.complete };
}

describe('answerChat', () => {
  it('passes text on piece by piece, then says how it ended and what it cost', async () => {
    const model = new ScriptedCompletion(['Fine', ', thanks', endOf()]);
    expect(await collect(answerChat(input(model), open()))).toEqual([
      { type: 'text-delta', text: 'Fine' },
      { type: 'text-delta', text: ', thanks' },
      { type: 'finish', reason: 'stop', usage },
    ]);
  });

  it('asks the model with system prompt, memory and question', async () => {
    const model = new ScriptedCompletion([endOf()]);
    await collect(answerChat({ ...input(model), temperature: 0.5, maxTokens: 9 }, open()));
    const [request] = model.requests;
    expect(request).toMatchObject({ model: 'm', stream: true, stream_options: { include_usage: true } });
    expect(request).toMatchObject({ temperature: 0.5, max_tokens: 9 });
    expect(rolesAndTexts(request)?.slice(1)).toEqual([
      ['user', 'Hi'],
      ['assistant', 'Hello.'],
      ['user', 'And you?'],
    ]);
    expect(request?.messages[0]?.role).toBe('system');
  });

  it('keeps thoughts apart from the answer', async () => {
    const model = new ScriptedCompletion([{ reasoning: 'Hm.' }, 'Yes.', endOf('length')]);
    expect(await collect(answerChat(input(model), open()))).toEqual([
      { type: 'reasoning-delta', reasoning: 'Hm.' },
      { type: 'text-delta', text: 'Yes.' },
      { type: 'finish', reason: 'length', usage },
    ]);
  });

  it('takes the usage from a chunk of its own after the end, vendor fields included', async () => {
    const late = { ...usage, prompt_tokens_details: { cached_tokens: 2 } };
    const end = { chunk: { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] } };
    const model = new ScriptedCompletion(['A', end, { chunk: { choices: [], usage: late } }]);
    const events = await collect(answerChat(input(model), open()));
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: late });
  });

  it('takes the last usage of a server that counts along', async () => {
    const counting = (count: number) => ({
      chunk: { choices: [{ index: 0, delta: { content: 'a' } }], usage: { ...usage, completion_tokens: count } },
    });
    const model = new ScriptedCompletion([counting(1), counting(2), endOf()]);
    const events = await collect(answerChat(input(model), open()));
    expect(textOf(events)).toBe('aa');
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage });
  });

  it('throws the very error of the model, after the text that came before it', async () => {
    const error = new ParleyError('provider_failed', 'The provider failed.');
    const model = new ScriptedCompletion(['Half', { error }]);
    const events: AnswerEvent[] = [];
    expect(await collectUntilError(answerChat(input(model), open()), events)).toBe(error);
    expect(events).toEqual([{ type: 'text-delta', text: 'Half' }]);
  });

  it('takes a stream without an end for interrupted', async () => {
    const model = new ScriptedCompletion(['Half']);
    await expect(collect(answerChat(input(model), open()))).rejects.toMatchObject({ code: 'stream_interrupted' });
  });

  it('stops at once when aborted, even if the model is silent, and tells the model', async () => {
    const model = new ScriptedCompletion(['Half', SILENCE]);
    const stop = new AbortController();
    const events: AnswerEvent[] = [];
    const ended = collectUntilError(answerChat(input(model), stop.signal), events);
    await vi.waitUntil(() => events.length > 0, { interval: 1, timeout: 10_000 });
    stop.abort();
    expect(await ended).toMatchObject({ code: 'request_aborted' });
    expect(model.signals[0]?.aborted).toBe(true);
    expect(textOf(events)).toBe('Half');
  });

  it('does not ask the model when it is aborted already', async () => {
    const model = new ScriptedCompletion();
    await expect(collect(answerChat(input(model), AbortSignal.abort()))).rejects.toMatchObject({
      code: 'request_aborted',
    });
    expect(model.requests).toEqual([]);
  });

  it('ends the stream of the model when its reader leaves', async () => {
    const model = new ScriptedCompletion(['one', 'two', SILENCE]);
    for await (const event of answerChat(input(model), open())) {
      if (event.type === 'text-delta') break;
    }
    expect(await vi.waitUntil(() => model.signals[0]?.aborted, { interval: 1, timeout: 10_000 })).toBe(true);
  });
});

const manual = 'Ollama runs models here. To stop it, press the button. 停止按钮在右下角。';
const at = (quote: string) => ({ start: manual.indexOf(quote), end: manual.indexOf(quote) + quote.length });
const chunk = (id: string, quote: string) =>
  makeChunk(id, quote, { documentId: 'manual', title: 'Manual', headingPath: ['Use'], ...at(quote) });
const index = new Bm25Index([
  chunk('1', 'Ollama runs models here.'),
  chunk('2', 'To stop it, press the button.'),
  chunk('3', '停止按钮在右下角。'),
]);
const readText = (id: string) => (id === 'manual' ? manual : null);
const findPassages = passagesOf(index, readText);

describe('answerFromKnowledgeBase', () => {
  it('says that it searches, shows its sources, then answers', async () => {
    const model = new ScriptedCompletion(['Press it [1].', endOf()]);
    const ask = { ...input(model, 'Which button stops it?'), turns: [], findPassages };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(events.map((event) => (event.type === 'status' ? event.waiting_for : event.type))).toEqual([
      'retrieval',
      'sources',
      'prompt',
      'text-delta',
      'finish',
    ]);
    const [source] = events.flatMap((event) => (event.type === 'sources' ? event.sources : []));
    expect(source).toMatchObject({ index: 1, quote: 'To stop it, press the button.', heading_path: ['Use'] });
    expect(manual.slice(source!.start, source!.end)).toBe(source!.quote);
  });

  it('puts the passages into the system message, where the extractive engine reads them', async () => {
    const model = new ScriptedCompletion([endOf()]);
    await collect(answerFromKnowledgeBase({ ...input(model, '停止按钮在哪里?'), turns: [], findPassages }, open()));
    const system = model.requests[0]!.messages[0]!;
    expect(system).toMatchObject({ role: 'system', content: expect.stringContaining('段落') });
    const [passage] = fromPassageBlock(textOfMessage(system));
    expect(passage).toEqual({ index: 1, title: 'Manual > Use', text: '停止按钮在右下角。' });
  });

  it('tells the model when nothing was found, and shows no source', async () => {
    const model = new ScriptedCompletion(['I do not know.', endOf()]);
    const ask = { ...input(model, 'Bananas?'), findPassages };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(events).toContainEqual({ type: 'sources', sources: [] });
    expect(model.requests[0]!.messages[0]!.content).toContain('found no passage');
  });

  it('searches for a follow-up with the question before it', async () => {
    const model = new ScriptedCompletion([endOf()]);
    const turns = [{ question: 'What does Ollama do?', answer: 'It runs models.' }];
    const ask = { ...input(model, 'And where does it do that?'), turns, findPassages };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(JSON.stringify(events)).toContain('Ollama runs models here.');
  });

  it('does not let the question before drown what a follow-up names', async () => {
    const model = new ScriptedCompletion([endOf()]);
    const turns = [{ question: 'What does Ollama do? Which models does Ollama run here?', answer: 'Models.' }];
    const ask = {
      ...input(model, 'And the button?'),
      turns,
      findPassages: passagesOf(index, readText, { passages: 2 }),
    };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(JSON.stringify(events)).toContain('press the button');
  });

  it('lets the model rewrite a follow-up when asked to', async () => {
    const model = new ScriptedCompletion(['Which button stops Ollama?', endOf()], ['Answer', endOf()]);
    const ask = { ...input(model, 'How do I end that?'), findPassages, followUps: 'condense' as const };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(events).toContainEqual({
      type: 'sources',
      sources: [expect.objectContaining({ index: 1 }), expect.anything()],
    });
    expect(textOf(events)).toBe('Answer');
    expect(model.requests[0]).toMatchObject({ temperature: 0, max_tokens: 200 });
    expect(rolesAndTexts(model.requests[1])?.at(-1)).toEqual(['user', 'How do I end that?']);
  });

  it('searches without the rewrite when that fails', async () => {
    const failed = new ParleyError('provider_failed', 'No.');
    const model = new ScriptedCompletion([{ error: failed }], ['Answer', endOf()]);
    const ask = { ...input(model, 'Which button?'), findPassages, followUps: 'condense' as const };
    const events = await collect(answerFromKnowledgeBase(ask, open()));
    expect(textOf(events)).toBe('Answer');
  });
});

describe('writeTitle', () => {
  const exchange = { model: 'm', question: 'How do I connect Ollama?', answer: 'Add it.' };

  it('takes what the model writes, tidied', async () => {
    const model = new ScriptedCompletion(['"Connecting', ' Ollama."', endOf()]);
    expect(await writeTitle({ ...exchange, complete: model.complete }, open())).toBe('Connecting Ollama');
  });

  it.each([
    ['fails', [{ error: new ParleyError('provider_failed', 'No.') }]],
    ['says nothing', [endOf()]],
  ])('falls back to the question when the model %s', async (_, script) => {
    const model = new ScriptedCompletion(script);
    expect(await writeTitle({ ...exchange, complete: model.complete }, open())).toBe('How do I connect Ollama');
  });

  it('falls back to the question when its time is up', async () => {
    const model = new ScriptedCompletion([SILENCE]);
    const time = new AbortController();
    const title = writeTitle({ ...exchange, complete: model.complete }, time.signal);
    await model.started;
    time.abort();
    expect(await title).toBe('How do I connect Ollama');
  });
});

describe('with tracing switched on in the environment', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('sends and prints nothing', async () => {
    for (const name of ['LANGSMITH_TRACING', 'LANGCHAIN_TRACING_V2', 'LANGCHAIN_VERBOSE']) vi.stubEnv(name, 'true');
    vi.stubEnv('LANGSMITH_API_KEY', 'key');
    vi.stubEnv('LANGCHAIN_CALLBACKS_BACKGROUND', 'false');
    const sent = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('no network here')));
    vi.stubGlobal('fetch', sent);
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    const model = new ScriptedCompletion(['Hi', endOf()], ['A title', endOf()]);
    const ask = { ...input(model), turns: [], findPassages };
    await collect(answerFromKnowledgeBase(ask, open()));
    await writeTitle({ model: 'm', complete: model.complete, question: 'Q', answer: 'A' }, open());
    expect(sent).not.toHaveBeenCalled();
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
