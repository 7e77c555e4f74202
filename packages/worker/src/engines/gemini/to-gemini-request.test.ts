import { describe, expect, it } from 'vitest';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();
const sent = (fields: object, model = 'gemini-3.8-flash') => bench.sent('gemini', fields, { upstream_model: model });
const user = (content: unknown) => ({ role: 'user', content });

describe('a request to Gemini', () => {
  it('says what Google must know, and nothing that it does not', async () => {
    const fields = {
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      max_tokens: 9,
      stop: ['a', 'b'],
      seed: 7,
      presence_penalty: 1,
    };
    const body = await sent({ ...fields, frequency_penalty: -1, user: 'ada', logit_bias: {}, parley_trace: 'x' });
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 3,
        maxOutputTokens: 9,
        stopSequences: ['a', 'b'],
        seed: 7,
        presencePenalty: 1,
        frequencyPenalty: -1,
        thinkingConfig: { includeThoughts: true },
      },
    });
    expect(bench.vendor.requests[0]?.path).toBe('/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse');
  });

  it.each([
    ['gemini-2.5-flash', 'medium', { includeThoughts: true, thinkingBudget: 8_192 }],
    ['gemini-2.5-flash', 'none', { includeThoughts: false, thinkingBudget: 0 }],
    ['gemini-2.5-pro', 'none', { includeThoughts: false, thinkingBudget: 128 }],
    ['gemini-4-argon', 'high', { includeThoughts: true, thinkingLevel: 'high' }],
    ['gemini-3.8-flash', undefined, { includeThoughts: true }],
    ['gemma-4-31b-it', 'high', undefined],
  ])('lets %s think with the effort %s', async (model, effort, expected) => {
    const { generationConfig } = await sent({ reasoning_effort: effort }, model);
    expect((generationConfig as Record<string, unknown>)['thinkingConfig']).toEqual(expected);
  });

  it('sends pictures inline or by address', async () => {
    const parts = [
      { type: 'text', text: 'Look:' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'image_url', image_url: { url: 'https://example.org/cat.webp?size=2' } },
    ];
    expect(await sent({ messages: [user(parts)] })).toMatchObject({
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'Look:' },
            { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
            { fileData: { fileUri: 'https://example.org/cat.webp?size=2', mimeType: 'image/webp' } },
          ],
        },
      ],
    });
  });

  it('translates tools, their calls and their results by id and name, and gives signatures back', async () => {
    const call = (id: string, name: string, more: object = {}) => ({
      id,
      type: 'function',
      function: { name, arguments: '{"city":"Bonn"}' },
      ...more,
    });
    const signed = { extra_content: { google: { thought_signature: 'sig' } } };
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const body = await sent({
      messages: [
        user('Weather?'),
        { role: 'assistant', content: 'Let me look.', tool_calls: [call('a', 'weather', signed), call('b', 'news')] },
        { role: 'tool', tool_call_id: 'b', content: '{"items":[]}' },
        { role: 'tool', tool_call_id: 'a', content: 'Rain' },
        { role: 'assistant', tool_calls: [call('c', 'weather')] },
        { role: 'tool', tool_call_id: 'c', content: '[1]' },
      ],
      tools: [
        { type: 'function', function: { name: 'weather', description: 'Tells it.', parameters } },
        { google_search: {} },
      ],
      tool_choice: 'required',
    });
    const args = { city: 'Bonn' };
    expect(body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Weather?' }] },
      {
        role: 'model',
        parts: [
          { text: 'Let me look.' },
          { functionCall: { id: 'a', name: 'weather', args }, thoughtSignature: 'sig' },
          { functionCall: { id: 'b', name: 'news', args } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'b', name: 'news', response: { items: [] } } },
          { functionResponse: { id: 'a', name: 'weather', response: { output: 'Rain' } } },
        ],
      },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'c', name: 'weather', args }, thoughtSignature: 'skip_thought_signature_validator' },
        ],
      },
      { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'weather', response: { output: '[1]' } } }] },
    ]);
    expect(body['tools']).toEqual([
      { functionDeclarations: [{ name: 'weather', description: 'Tells it.', parametersJsonSchema: parameters }] },
      { google_search: {} },
    ]);
    expect(body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY' } });
  });

  it('asks for JSON, by a schema where there is one', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const body = await sent({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } }, n: 2 });
    expect(body['generationConfig']).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
      candidateCount: 2,
    });
  });
});
