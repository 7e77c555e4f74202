import { describe, expect, it } from 'vitest';
import { ask, summary } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();
const read = async (stream: string) => {
  bench.vendor.answer({ stream });
  return summary(await ask(await bench.engine('openai')));
};
const answered = (pieces: Record<string, unknown>[]) => {
  bench.vendor.answer({ pieces, finishReason: 'tool_calls' });
  return bench.engine('openai').then(ask);
};

interface CallPart {
  index: number;
  id?: string;
  function: { name?: string; arguments?: string };
}

/** What a caller makes of the parts: it joins them by their number. */
const joined = async (pieces: Record<string, unknown>[]) => {
  const calls: { id: string | undefined; name: string; arguments: string }[] = [];
  for (const { index, id, function: part } of summary(await answered(pieces)).calls as CallPart[]) {
    const call = (calls[index] ??= { id, name: part.name ?? '', arguments: '' });
    call.arguments += part.arguments ?? '';
  }
  return calls;
};
const part = (fields: object) => ({ tool_calls: [fields] });
const twoCalls = [
  { id: 'a', name: 'weather', arguments: '{"city":"Bonn"}' },
  { id: 'b', name: 'weather', arguments: '{"city":"Ulm"}' },
];

describe('the calls of several tools stay apart', () => {
  it('when they are numbered, and come in pieces', async () => {
    const pieces = twoCalls.flatMap(({ id, name, arguments: args }, index) => [
      part({ index, id, type: 'function', function: { name, arguments: '' } }),
      part({ index, function: { arguments: args.slice(0, 5) } }),
      part({ index, function: { arguments: args.slice(5) } }),
    ]);
    expect(await joined(pieces)).toEqual(twoCalls);
  });

  // github.com/ollama/ollama/issues/15457
  it('when all have the number 0: Ollama', async () => {
    const pieces = twoCalls.map(({ id, ...called }) => part({ index: 0, id, type: 'function', function: called }));
    expect(await joined(pieces)).toEqual(twoCalls);
  });

  it('when none has a number, each whole in a chunk of its own', async () => {
    const pieces = twoCalls.map(({ id, ...called }) => part({ id, type: 'function', function: called }));
    expect(await joined(pieces)).toEqual(twoCalls);
  });

  it('when none has a number, all in one chunk and in pieces', async () => {
    const [first, second] = twoCalls.map(({ id, ...called }) => ({ id, type: 'function', function: called }));
    expect(await joined([{ tool_calls: [first, second] }])).toEqual(twoCalls);
    expect(
      await joined([
        part({ id: 'a', function: { name: 'weather', arguments: '{"city":' } }),
        part({ function: { arguments: '"Bonn"}' } }),
        part({ id: 'b', function: { name: 'weather', arguments: '{"city":"Ulm"}' } }),
      ]),
    ).toEqual(twoCalls);
  });

  it.each([
    ['the id and the name come again in each piece', { id: 'a', name: 'weather' }],
    ['each piece has an id of its own', { id: 'other', name: undefined }],
    ['the name alone comes again', { id: '', name: 'weather' }],
  ])('and one stays one when %s', async (_what, { id, name }) => {
    const [one] = twoCalls;
    const pieces = [
      part({ index: 0, id: 'a', function: { name: 'weather', arguments: '{"city":' } }),
      part({ index: 0, id, function: { name, arguments: '"Bonn"}' } }),
    ];
    expect(await joined(pieces)).toEqual([one]);
  });
});

describe('a stream is read', () => {
  const chunk = (fields: object) => JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...fields });
  const text = (content: string, more: object = {}) => chunk({ choices: [{ delta: { content }, ...more }] });
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const whole = { content: 'Hi!', finishReason: 'stop', usage };

  it('with comments, without spaces, with any line ends, without roles and numbers', async () => {
    const lines = [
      ': OPENROUTER PROCESSING',
      '',
      `data:${text('Hi')}`,
      '',
      `data: ${text('!', { finish_reason: 'stop' })}`,
      '',
      `data:${chunk({ choices: [], usage })}`,
      '',
      'data:[DONE]',
      '',
      '',
    ];
    for (const end of ['\n', '\r\n']) expect(await read(lines.join(end))).toMatchObject(whole);
  });

  it('with usage beside the end, and with an end of nothing before it', async () => {
    const end = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage });
    expect(await read(`data: ${text('Hi!', { finish_reason: '' })}\n\ndata: ${end}\n\n`)).toMatchObject(whole);
  });
});
