import { describe, expect, it } from 'vitest';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();
const sent = (fields: object, model = 'claude-opus-5-5') => bench.sent('anthropic', fields, { upstream_model: model });
const messages = (...list: object[]) => ({ messages: list });
const user = (content: unknown) => ({ role: 'user', content });

describe('a request to Anthropic', () => {
  it('says what Anthropic must know, and nothing that it does not', async () => {
    const fields = { user: 'ada', stop: 'END', seed: 7, logit_bias: {}, frequency_penalty: 1, parley_token_ids: true };
    expect(await sent({ ...fields, n: 1, top_p: null })).toEqual({
      model: 'claude-opus-5-5',
      stream: true,
      max_tokens: 64_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stop_sequences: ['END'],
      metadata: { user_id: 'ada' },
      thinking: { type: 'adaptive', display: 'summarized' },
    });
    expect(bench.vendor.requests[0]).toMatchObject({ path: '/anthropic/v1/messages' });
  });

  it.each([
    ['claude-3-haiku-20240307', 4_096],
    ['claude-3-5-haiku-latest', 8_192],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-haiku-4-5', 64_000],
    ['claude-sonnet-5-5', 64_000],
  ])('bounds an answer of %s that nobody bounded to %i tokens', async (model, bound) => {
    expect(await sent({}, model)).toMatchObject({ max_tokens: bound });
  });

  it('keeps the bound of the caller', async () => {
    expect(await sent({ max_tokens: 9, max_completion_tokens: 5 })).toMatchObject({ max_tokens: 5 });
  });

  it.each([
    ['claude-haiku-4-5-20251001', { temperature: 1.5, top_p: 0.5 }, { temperature: 1 }],
    ['claude-opus-4-6', { top_p: 0.5, top_k: 3 }, { top_p: 0.5, top_k: 3 }],
    ['claude-opus-4-7', { temperature: 0.5, top_p: 0.5, top_k: 3 }, {}],
    ['claude-sonnet-5-5', { temperature: 0.5 }, {}],
  ])('samples %s as it allows', async (model, asked, expected) => {
    const { temperature, top_p, top_k } = await sent(asked, model);
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
  });

  it('sends pictures and files, inline or by address', async () => {
    const parts = [
      { type: 'text', text: 'Look:' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'image_url', image_url: { url: 'https://example.org/cat.jpg', detail: 'low' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ];
    const body = await sent(messages(user(parts)));
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          { type: 'image', source: { type: 'url', url: 'https://example.org/cat.jpg' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
        ],
      },
    ]);
  });

  it('translates tools, their calls and their results, all results of an answer together', async () => {
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'weather', arguments: args },
    });
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const search = { type: 'web_search_20250305', name: 'web_search' };
    const fields = {
      ...messages(
        user('Weather?'),
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'Hm.',
          thinking_blocks: [{ index: 0, type: 'thinking', thinking: 'Hm.', signature: 'sig' }],
          tool_calls: [call('a', '{"city":"Bonn"}'), call('b', '')],
        },
        { role: 'tool', tool_call_id: 'a', content: 'Rain' },
        { role: 'tool', tool_call_id: 'b', content: '' },
        user('Thanks'),
      ),
      tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it.', parameters } }, search],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
    };
    const body = await sent(fields, 'claude-haiku-5-5');
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
          { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bonn' } },
          { type: 'tool_use', id: 'b', name: 'weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Rain' }] },
          { type: 'tool_result', tool_use_id: 'b' },
          { type: 'text', text: 'Thanks' },
        ],
      },
    ]);
    expect(body['tools']).toEqual([{ name: 'weather', description: 'Tells it.', input_schema: parameters }, search]);
    expect(body['tool_choice']).toEqual({ type: 'tool', name: 'weather', disable_parallel_tool_use: true });
  });

  it.each([
    ['claude-fable-5-1', { type: 'adaptive', display: 'summarized' }],
    ['claude-haiku-5-5', { type: 'adaptive', display: 'summarized' }],
    ['claude-opus-4-8', undefined],
    ['claude-haiku-4-5', undefined],
    ['claude-3-5-haiku-latest', undefined],
  ])('asks %s for its thoughts where it thinks anyway', async (model, thinking) => {
    expect((await sent({}, model))['thinking']).toEqual(thinking);
    expect(await sent({ thinking: { type: 'disabled' } }, model)).toMatchObject({ thinking: { type: 'disabled' } });
  });

  it.each([
    ['claude-sonnet-5-5', 'auto'],
    ['claude-fable-5-1', 'auto'],
    ['claude-opus-5', 'any'],
    ['claude-fable-5-20260901', 'any'],
  ])('makes %s call a tool only where it can be made to: %s', async (model, type) => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(await sent({ tools, tool_choice: 'required' }, model)).toMatchObject({ tool_choice: { type } });
  });

  it('leaves out texts of spaces alone, which are refused', async () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'now' } }];
    const body = await sent(
      messages(
        { role: 'system', content: ' ' },
        user([
          { type: 'text', text: 'Hi' },
          { type: 'text', text: '\n' },
        ]),
        { role: 'assistant', content: '\n\n', tool_calls: calls },
        { role: 'tool', tool_call_id: 'a', content: ' ' },
      ),
    );
    expect(body).not.toHaveProperty('system');
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'now', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] },
    ]);
  });

  it('names calls of other vendors so that Anthropic takes the names', async () => {
    const id = 'functions.weather:0';
    const body = await sent(
      messages(
        user('Weather?'),
        { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'weather' } }] },
        { role: 'tool', tool_call_id: id, content: 'Rain' },
      ),
    );
    expect(body['messages']).toMatchObject([
      {},
      { content: [{ id: 'functions_weather_0' }] },
      { content: [{ tool_use_id: 'functions_weather_0' }] },
    ]);
  });

  it.each([
    ['claude-haiku-4-5', 'high', undefined],
    ['claude-sonnet-4-5-20250929', 'high', undefined],
    ['claude-opus-4-1-20250805', 'high', undefined],
    ['claude-opus-4-5', 'high', { effort: 'high' }],
    ['claude-sonnet-4-6', 'high', { effort: 'high' }],
    ['claude-haiku-5-5', 'none', { effort: 'low' }],
  ])('asks %s for the effort %s where it takes one', async (model, effort, expected) => {
    const { output_config } = await sent({ reasoning_effort: effort }, model);
    expect(output_config).toEqual(expected);
  });

  it('passes thinking on, and translates effort and schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const fields = {
      thinking: { type: 'adaptive', display: 'summarized' },
      reasoning_effort: 'minimal',
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    };
    expect(await sent(fields)).toMatchObject({
      thinking: fields.thinking,
      output_config: { effort: 'low', format: { type: 'json_schema', schema } },
    });
  });
});
