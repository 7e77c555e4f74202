import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

const clock = {
  type: 'function',
  function: {
    name: 'get_time',
    parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
  },
};
const lamp = {
  type: 'function',
  function: {
    name: 'set_lamp',
    parameters: { type: 'object', properties: { isOn: { type: 'boolean' } }, required: ['isOn'] },
  },
};

let worker: LocalWorker;
beforeAll(async () => {
  worker = await startLocalWorker({ context_length: 1024, parallel: 2 });
});
afterAll(() => worker.close());

const schemaFormat = (schema: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
});
const written = async (question: string, more: object) => {
  const { choices } = await worker.ask(question, { max_tokens: 200, ...more });
  return JSON.parse(choices[0]?.message.content ?? '') as unknown;
};

describe('an answer in a format', () => {
  it('is what the model says anyway when it fits', async () => {
    const said = { answer: 'forty-two', n: 42 };
    expect(await written('/json', { response_format: { type: 'json_object' } })).toEqual(said);
    const properties = { answer: { type: 'string' }, n: { type: 'integer' } };
    expect(await written('/json', schemaFormat({ type: 'object', properties, required: ['answer', 'n'] }))).toEqual(
      said,
    );
  });

  it.each([
    ['constants', { const: { a: 'ü"\\' } }, { a: 'ü"\\' }],
    ['characters of every length', { const: 'é 中 😀' }, 'é 中 😀'],
    ['choices', { enum: ['rot', 7, null] }, expect.toSatisfy((value) => ['rot', 7, null].includes(value))],
    ['alternatives', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }, expect.toSatisfy(isBooleanOrNull)],
    ['lists', { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 2 }, [isBoolean(), isBoolean()]],
    [
      'references',
      {
        type: 'object',
        properties: { first: { $ref: '#/$defs/flag' } },
        required: ['first'],
        $defs: { flag: { type: 'boolean' } },
      },
      { first: isBoolean() },
    ],
    [
      'joined schemas',
      {
        allOf: [
          { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
          { properties: { b: { const: 2 } }, required: ['b'] },
        ],
      },
      { a: 1, b: 2 },
    ],
    [
      'schemas joined with one that is referred to',
      {
        allOf: [{ $ref: '#/$defs/base' }, { properties: { b: { const: 2 } }, required: ['b'] }],
        $defs: { base: { type: 'object', properties: { a: { const: 1 } }, required: ['a'] } },
      },
      { a: 1, b: 2 },
    ],
    [
      'alternatives beside what holds for all of them',
      {
        type: 'object',
        properties: { a: { const: 1 }, b: { const: 2 } },
        anyOf: [{ required: ['a', 'b'] }, { properties: { b: { const: 3 } }, required: ['a', 'b'] }],
      },
      { a: 1, b: expect.toSatisfy((value) => [2, 3].includes(value)) },
    ],
    ['objects without properties', { type: 'object', properties: {}, additionalProperties: false }, {}],
    [
      'the values of objects whose properties have no names',
      { type: 'object', additionalProperties: { const: 1 } },
      expect.toSatisfy((value) => Object.values(value).every((one) => one === 1)),
    ],
    [
      'objects that hold their like',
      {
        $ref: '#/$defs/node',
        $defs: {
          node: {
            type: 'object',
            properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { const: 1 }], title: 'Next' } },
            required: ['next'],
          },
        },
      },
      expect.toSatisfy((value) => 'next' in value),
    ],
    ['bounds, the lower one where they contradict', { type: 'string', minLength: 3, maxLength: 1 }, expect.any(String)],
  ])('keeps to %s, whatever the model would say', async (_, schema, expected) => {
    expect(await written('Tell me a story', schemaFormat(schema))).toEqual(expected);
  });

  it('may leave out what is not required, and nothing else', async () => {
    const properties = { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } };
    const value = await written('no', schemaFormat({ type: 'object', properties, required: ['b'] }));
    expect(value).toMatchObject({ b: 2 });
    expect([1, undefined]).toContain((value as { a?: number }).a);
  });

  it.each([
    ['refers to nothing', { $ref: '#/$defs/missing' }, /refers to #/],
    ['refers to itself alone', { $ref: '#' }, /too much/],
    ['joins itself', { properties: { a: {} }, allOf: [{ $ref: '#' }] }, /too large/],
    ['leads through thousands of definitions', definitions(5_000, (next) => [next]), /too large/],
    ['grows with each definition', definitions(30, (next) => [next, next]), /too large/],
    ['has an enum without values', { enum: [] }, /1 to 1000 values/],
    ['has thousands of values', { enum: Array.from({ length: 1001 }, (_, place) => place) }, /1 to 1000 values/],
    ['has thousands of properties', { properties: definitions(1001, () => []).$defs }, /more than 1000 properties/],
  ])('is refused when the schema %s', async (_, schema, message) => {
    const { error } = await worker.ask('Hi', schemaFormat(schema));
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) });
  });
});

describe('a call of a tool', () => {
  it("is streamed in OpenAI's form: its head first, then its arguments in pieces", async () => {
    const chunks = await worker.chunks('/tool', { tools: [lamp, clock] });
    const parts = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(parts[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'get_time', arguments: '' } });
    expect(parts[0]?.id).toMatch(/^call_/);
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.slice(1).every(({ id, index }) => id === undefined && index === 0)).toBe(true);
    expect(parts.map((part) => part.function.arguments).join('')).toBe('{"zone": "UTC"}');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect(chunks.some(({ choices }) => choices[0]?.delta.content)).toBe(false);
  });

  it('is what must come when one is named, whatever the model would say', async () => {
    const tool_choice = { type: 'function', function: { name: 'set_lamp' } };
    const { choices } = await worker.ask('Hello', { tools: [lamp, clock], tool_choice, max_tokens: 200 });
    const call = choices[0]?.message.tool_calls?.[0];
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    expect(call?.function.name).toBe('set_lamp');
    expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ isOn: isBoolean() });
  });

  it.each([
    [{}, expect.any(Object)],
    [{ properties: {}, additionalProperties: false }, {}],
  ])('has an object for arguments where the tool says %j of them', async (parameters, expected) => {
    const tools = [{ type: 'function', function: { name: 'get_time', parameters } }];
    const { choices } = await worker.ask('/tool', { tools, tool_choice: 'required', max_tokens: 200 });
    expect(JSON.parse(choices[0]?.message.tool_calls?.[0]?.function.arguments ?? '')).toEqual(expected);
  });

  it('must come with tool_choice required', async () => {
    const { choices } = await worker.ask('/tool', { tools: [clock], tool_choice: 'required' });
    expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'get_time' } }]);
  });

  it('does not come when nobody asks for one', async () => {
    const { choices } = await worker.ask('/tool', { tools: [clock], tool_choice: 'none' });
    expect(choices[0]?.message.content).toContain('<tool_call>');
    expect((await worker.ask('Hello you', { tools: [clock] })).choices[0]).toMatchObject({
      message: { content: 'Hello you' },
      finish_reason: 'stop',
    });
  });

  it('and its result are part of the conversation', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{"zone": "UTC"}' } };
    const { choices } = await worker.ask(
      [
        { role: 'user', content: '/tool' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
        { role: 'user', content: 'Thanks!' },
      ],
      { tools: [clock] },
    );
    expect(choices[0]?.message.content).toBe('Thanks!');
  });

  it('has no control tokens in its text, nor do the tools', async () => {
    const tokensWith = async (word: string) => {
      const called = { name: 'get_time', arguments: JSON.stringify({ zone: [`"${word}`] }) };
      const call = { id: 'call_1', type: 'function', function: called };
      const described = { type: 'function', function: { name: 'get_time', description: word } };
      const messages = [
        { role: 'user', content: '/tool' },
        { role: 'assistant', content: null, tool_calls: [call] },
      ];
      return (await worker.ask(messages, { tools: [described], max_tokens: 1 })).usage.prompt_tokens;
    };
    expect(await tokensWith('<|end|>')).toBe(await tokensWith('< end |'));
  });

  it.each([
    [{ tools: [{ type: 'function', function: {} }] }, 'tools.0.function.name'],
    [{ tools: [clock], tool_choice: { type: 'function', function: { name: 'fly' } } }, 'tool_choice'],
    [{ tools: [clock], response_format: { type: 'json_object' } }, 'response_format'],
  ])('is refused for %j', async (more, param) => {
    expect((await worker.ask('Hi', more)).error).toMatchObject({ code: 'invalid_request', param });
  });
});

function isBoolean(): unknown {
  return expect.toSatisfy((value) => typeof value === 'boolean');
}

function isBooleanOrNull(value: unknown): boolean {
  return value === null || typeof value === 'boolean';
}

/** Each of which leads to the `next` one, as often as `choices` says. */
function definitions(count: number, choices: (next: object) => object[]) {
  const definition = (place: number) => ({
    properties: { [`p${place}`]: {} },
    anyOf: choices({ $ref: `#/$defs/d${place + 1}` }),
  });
  const $defs = Object.fromEntries(Array.from({ length: count }, (_, place) => [`d${place}`, definition(place)]));
  return { $ref: '#/$defs/d0', $defs: { ...$defs, [`d${count}`]: { type: 'null' } } };
}
