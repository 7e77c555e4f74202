import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedAnswer } from '../../testing/tiny-models/index.ts';
import { startLocalWorker, textOf, type LocalWorker } from './testing/start-local-worker.ts';

describe('a chat with a local model', () => {
  let worker: LocalWorker;
  beforeAll(async () => {
    worker = await startLocalWorker({ context_length: 512, parallel: 2 });
  });
  afterAll(() => worker.close());

  it('answers, and counts what it read and wrote exactly', async () => {
    const { choices, usage } = await worker.ask('Hello there!');
    expect(choices).toMatchObject([{ message: { content: 'Hello there!' }, finish_reason: 'stop' }]);
    // One token for each byte; around the question stand four control tokens.
    expect(usage).toMatchObject({ prompt_tokens: 16, completion_tokens: 12, total_tokens: 28 });
  });

  it('streams each character whole, however many tokens make it', async () => {
    const chunks = await worker.chunks('/unicode');
    expect(textOf(chunks)).toBe(expectedAnswer('/unicode'));
    expect(textOf(chunks)).not.toContain('\uFFFD');
    expect(chunks.length).toBeGreaterThan(10);
  });

  it('leaves out a character that its limit cuts through', async () => {
    const whole = expectedAnswer('/unicode');
    const lengths = new Set<number>();
    for (let limit = 1; limit <= 12; limit += 1) {
      const { choices } = await worker.ask('/unicode', { max_tokens: limit });
      const text = choices[0]?.message.content ?? '';
      expect(whole.startsWith(text)).toBe(true);
      lengths.add(text.length);
    }
    expect(lengths.size).toBeLessThan(12);
  });

  it('knows what was said before', async () => {
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Two' },
      { role: 'user', content: [{ type: 'text', text: 'Three' }] },
    ];
    expect((await worker.ask(messages)).choices[0]?.message.content).toBe('Three');
  });

  it('shows thoughts apart from the text', async () => {
    const { choices } = await worker.ask('/think');
    expect(choices[0]?.message).toEqual({
      role: 'assistant',
      content: 'It is four.',
      reasoning_content: 'Two and two.',
    });
  });

  it('takes control tokens that somebody types for the text that they are', async () => {
    const { choices, usage } = await worker.ask('a<|end|>b');
    expect(choices[0]?.message.content).toBe('a<|end|>b');
    expect(usage.completion_tokens).toBe('a<|end|>b'.length);
  });

  it('rolls the same dice for the same seed, and others for others', async () => {
    const roll = async (seed: number) =>
      (await worker.ask('/dice', { seed, temperature: 1 })).choices[0]?.message.content;
    const rolls = await Promise.all([1, 2, 3, 4, 1].map(roll));
    expect(rolls[0]).toMatch(/[1-6]{4}\.$/);
    expect(rolls[4]).toBe(rolls[0]);
    expect(new Set(rolls).size).toBeGreaterThan(1);
  });

  it('always takes the most probable with temperature 0, and with one token to choose from', async () => {
    const rolls = await Promise.all([
      worker.ask('/dice', { seed: 1 }),
      worker.ask('/dice', { seed: 2 }),
      worker.ask('/dice', { seed: 3, temperature: 1, top_k: 1 }),
      worker.ask('/dice', { seed: 4, temperature: 1, top_p: 0.01 }),
      worker.ask('/dice', { seed: 5, temperature: 1, min_p: 1 }),
    ]);
    const texts = rolls.map(({ choices }) => choices[0]?.message.content);
    expect(new Set(texts)).toEqual(new Set([expectedAnswer('/dice')]));
  });

  it('holds back what was written before when it is told to', async () => {
    const plain = await worker.ask('/loop', { max_tokens: 60 });
    const penalties = [{ presence_penalty: 2 }, { frequency_penalty: 2 }, { repeat_penalty: 10 }];
    const texts = await Promise.all(penalties.map((penalty) => worker.ask('/loop', { max_tokens: 60, ...penalty })));
    expect(plain.choices[0]?.message.content).toMatch(/^alpha bravo charlie delta echo alpha/);
    for (const { choices } of texts) expect(choices).toHaveLength(1);
    expect(texts[2]?.choices[0]?.message.content).not.toBe(plain.choices[0]?.message.content);
  });

  it('ends before a stop string, also one that comes in pieces, and sends nothing of it', async () => {
    const chunks = await worker.chunks('/loop', { stop: ['never', 'delta e'] });
    expect(textOf(chunks)).toBe('alpha bravo charlie ');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('sends what only looked like a stop string', async () => {
    expect(textOf(await worker.chunks('bravo brand', { stop: 'bravado' }))).toBe('bravo brand');
  });

  it('ends after as many tokens as are allowed', async () => {
    for (const limit of [{ max_tokens: 5 }, { max_completion_tokens: 5 }]) {
      const { choices, usage } = await worker.ask('/loop', limit);
      expect(choices[0]).toMatchObject({ message: { content: 'alpha' }, finish_reason: 'length' });
      expect(usage.completion_tokens).toBe(5);
    }
  });

  it('fills its context to the last token, and says that this was the end', async () => {
    const { choices, usage } = await worker.ask('/loop');
    expect(choices[0]?.finish_reason).toBe('length');
    expect(usage.prompt_tokens + usage.completion_tokens).toBe(512);
  });

  it('refuses a conversation that is longer than its context, and names both', async () => {
    const { error } = await worker.ask('x'.repeat(600));
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    expect(error?.message).toMatch(/604 tokens.*512/);
  });

  it('does not count a conversation to its end that is far too long', async () => {
    const { error } = await worker.ask('lorem ipsum '.repeat(100_000));
    expect(error).toMatchObject({ code: 'context_length_exceeded' });
    expect(error?.message).toMatch(/more than \d{5} tokens/);
  });

  it('gives several answers, each with a seed of its own', async () => {
    const { choices, usage } = await worker.ask('/dice', { n: 3, seed: 7, temperature: 1 });
    expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop', 'stop']);
    expect(new Set(choices.map(({ message }) => message.content)).size).toBeGreaterThan(1);
    expect(usage.completion_tokens).toBe(3 * expectedAnswer('/dice').length);
  });

  it('tells how sure it was', async () => {
    const { choices } = await worker.ask('Hi', { logprobs: true, top_logprobs: 2, top_k: 0, top_p: 1, min_p: 0 });
    const content = choices[0]?.logprobs?.content ?? [];
    expect(content.map(({ token, bytes }) => [token, bytes])).toEqual([
      ['H', [72]],
      ['i', [105]],
    ]);
    for (const { logprob, top_logprobs } of content) {
      expect(logprob).toBeCloseTo(0);
      expect(top_logprobs).toHaveLength(2);
    }
  });

  it.each([
    [{ top_k: -1 }, 'top_k'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [{ response_format: { type: 'xml' } }, 'response_format'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages.0.content'],
    [{ parley_continue_from: { token_ids: [9999], seed: 1 } }, 'parley_continue_from.token_ids'],
    [{ parley_continue_from: { token_ids: [65], seed: 1 }, n: 2 }, 'n'],
  ])('refuses %j', async (more, param) => {
    expect((await worker.ask('Hi', more)).error).toMatchObject({ code: 'invalid_request', param });
  });
});
