import { describe, expect, it } from 'vitest';
import { useVendorBench } from '../../testing/vendor-bench.ts';

// Rules of the two wires that are not OpenAI's, read by the same code (read-message.ts, read-request.ts).
const NATIVE = ['anthropic', 'gemini'] as const;
const tools = [{ type: 'function', function: { name: 'f' } }];
const messages = (...list: object[]) => ({ messages: list });
const user = (content: unknown) => ({ role: 'user', content });

const bench = useVendorBench();

describe.each([
  [
    'anthropic',
    {
      system: [
        { type: 'text', text: 'Be short.' },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    },
  ],
  [
    'gemini',
    {
      systemInstruction: { parts: [{ text: 'Be short.' }, { text: 'Be kind.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    },
  ],
] as const)('a request in the wire %s', (wire, expected) => {
  it('puts all instructions in one place, in order', async () => {
    const system = { role: 'system', content: 'Be short.' };
    const body = await bench.sent(wire, messages(system, user('Hi'), { role: 'developer', content: 'Be kind.' }));
    expect(JSON.parse(JSON.stringify(body))).toMatchObject(expected);
  });
});

describe.each([
  ['auto', { type: 'auto' }, { mode: 'AUTO' }],
  ['none', { type: 'none' }, { mode: 'NONE' }],
  ['required', { type: 'any' }, { mode: 'ANY' }],
  [
    { type: 'function', function: { name: 'f' } },
    { type: 'tool', name: 'f' },
    { mode: 'ANY', allowedFunctionNames: ['f'] },
  ],
])('the tool choice %j', (choice, forAnthropic, forGemini) => {
  it('is said in the words of anthropic', async () => {
    expect(await bench.sent('anthropic', { tools, tool_choice: choice })).toMatchObject({
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: forAnthropic,
    });
  });

  it('is said in the words of gemini', async () => {
    const body = await bench.sent('gemini', { tools, tool_choice: choice });
    expect(body['tools']).toEqual([{ functionDeclarations: [{ name: 'f' }] }]);
    expect(body['toolConfig']).toEqual({ functionCallingConfig: forGemini });
  });
});

describe.each(NATIVE)('a request in the wire %s is refused with', (wire) => {
  it.each([
    ['a part of an unknown kind', messages(user([{ type: 'input_audio', input_audio: {} }])), 'messages'],
    [
      'arguments that are no object',
      messages({ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '[1' } }] }),
      'messages',
    ],
    ['tools that are no list', { tools: 'all' }, 'tools'],
    ['a tool choice that says nothing', { tool_choice: 'maybe' }, 'tool_choice'],
  ])('%s', async (_what, fields, param) => {
    await expect(bench.sent(wire, fields)).rejects.toMatchObject({ code: 'invalid_request', param });
    expect(bench.vendor.requests).toHaveLength(0);
  });
});

it.each(['anthropic', 'zhipu'] as const)('%s is not asked for more than one answer', async (wire) => {
  await expect(bench.sent(wire, { n: 2 })).rejects.toMatchObject({ code: 'invalid_request', param: 'n' });
  expect(bench.vendor.requests).toHaveLength(0);
});
