import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ask, summary } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const fixture = (name: string) => readFile(new URL(`__fixtures__/${name}.sse`, import.meta.url), 'utf8');

const bench = useVendorBench();
const answer = async () => summary(await ask(await bench.engine('anthropic')));
const replay = async (name: string) => {
  bench.vendor.answer({ stream: await fixture(name) });
  return ask(await bench.engine('anthropic'));
};

describe('a documented stream of Anthropic', () => {
  it('is read as text, its end and usage', async () => {
    expect(summary(await replay('basic'))).toEqual({
      content: 'Hello!',
      reasoning: '',
      calls: [],
      finishReason: 'stop',
      usage: {
        prompt_tokens: 25,
        completion_tokens: 15,
        total_tokens: 40,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  it('names a tool in the first delta of its call, then its arguments piece by piece', async () => {
    const { calls, ...rest } = summary(await replay('tool-use'));
    expect(rest).toMatchObject({
      content: "Okay, let's check the weather for San Francisco, CA:",
      finishReason: 'tool_calls',
    });
    const id = 'toolu_01T1x1fJ34qAmk2tNTrN7Up6';
    expect(calls[0]).toEqual({ index: 0, id, type: 'function', function: { name: 'get_weather', arguments: '' } });
    expect(calls.slice(1)).toEqual(
      ['{"location":', ' "San', ' Francisc', 'o,', ' CA"}'].map((part) => ({
        index: 0,
        function: { arguments: part },
      })),
    );
  });

  it('shows thoughts as reasoning, and gives them signed for the next request', async () => {
    const chunks = await replay('thinking');
    const { reasoning, content, finishReason, usage } = summary(chunks);
    expect(reasoning).toMatch(/^I need to find the GCD .* 462 \+ 147\n462 .*\(1071, 462\) = 21\.$/s);
    expect({ content, finishReason, usage }).toEqual({
      content: 'The greatest common divisor of 1071 and 462 is **21**.',
      finishReason: 'stop',
      usage: null,
    });
    const blocks = chunks.flatMap(({ delta }) => (delta['thinking_blocks'] ?? []) as object[]);
    const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds...';
    expect(blocks).toEqual([{ index: 0, type: 'thinking', thinking: reasoning, signature }]);
  });

  it('leaves out what Anthropic looked up by itself, and counts it', async () => {
    const { content, calls, usage } = summary(await replay('web-search'));
    expect(content).toMatch(/^I'll check .* you\.Here's the current weather/);
    expect(calls).toEqual([]);
    expect(usage).toMatchObject({ prompt_tokens: 10_682, completion_tokens: 510 });
  });
});

describe('an answer of Anthropic', () => {
  it('counts what was read from the cache and written to it as prompt', async () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 4_000,
      cache_creation_input_tokens: 200,
      output_tokens: 9,
    };
    bench.vendor.answer({ pieces: ['Hi'], usage: { ...usage, output_tokens_details: { thinking_tokens: 3 } } });
    expect((await answer()).usage).toEqual({
      prompt_tokens: 4_210,
      completion_tokens: 9,
      total_tokens: 4_219,
      prompt_tokens_details: { cached_tokens: 4_000 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  it('numbers the calls of several tools, and gives one without arguments an empty object', async () => {
    const call = (index: number, name: string, args?: string) => ({
      tool_calls: [{ index, id: `toolu_${index}`, function: { name, arguments: args } }],
    });
    bench.vendor.answer({
      pieces: [call(0, 'now'), call(1, 'weather', '{"city":"Bonn"}')],
      finishReason: 'tool_calls',
    });
    const { calls } = await answer();
    expect(calls).toMatchObject([
      { index: 0, id: 'toolu_0', function: { name: 'now' } },
      { index: 0, function: { arguments: '{}' } },
      { index: 1, id: 'toolu_1', function: { name: 'weather' } },
      { index: 1, function: { arguments: '{"city":"Bonn"}' } },
    ]);
  });
});
