import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '@parley/contracts';
import { ask } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';
import type { WireName } from '../../testing/vendor-wires/index.ts';

type Refused = [status: number, body: unknown, code: ErrorCode, more?: object];

const openai = (message: string, more: object = {}) => ({ error: { message, ...more } });
const anthropic = (type: string, message: string, more: object = {}) => ({
  type: 'error',
  error: { type, message, ...more },
});
const gemini = (code: number, status: string, more: object = {}) => ({
  error: { code, message: `It is ${status}.`, status, details: [], ...more },
});
const quota = (quotaId: string) => ({
  details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] }],
});
// openrouter.ai/docs/api/reference/errors-and-debugging: what the provider behind it said, as a text.
const behind = (raw: unknown, more: object = {}) =>
  openai('Provider returned error', { metadata: { raw, provider_name: 'X', ...more } });
const tooLong = "This model's maximum context length is 4096 tokens.";
const zhipu = (code: string) => ({ error: { code, message: '……' } });

/** What vendors answer instead of an answer, and what it is here. */
const REFUSALS: Record<WireName, Refused[]> = {
  openai: [
    [403, openai('no'), 'provider_key_refused'],
    [403, openai('Sorry, your account balance is insufficient'), 'provider_quota_exceeded'],
    [404, openai('The model does not exist', { code: 'model_not_found' }), 'model_not_found'],
    [404, { detail: 'Not Found' }, 'model_not_found'],
    [400, openai('Model Not Exist'), 'model_not_found'],
    [429, openai('slow down', { code: 'rate_limit_exceeded' }), 'provider_rate_limited'],
    [429, openai('no money', { type: 'insufficient_quota' }), 'provider_quota_exceeded'],
    [400, openai('no', { type: 'exceeded_current_quota_error' }), 'provider_quota_exceeded'],
    [402, openai('no money'), 'provider_quota_exceeded'],
    [400, openai('too long', { code: 'context_length_exceeded' }), 'context_length_exceeded'],
    [400, openai('no', { type: 'exceed_context_size_error' }), 'context_length_exceeded'],
    [
      400,
      { object: 'error', message: "This model's maximum context length is 4096 tokens." },
      'context_length_exceeded',
    ],
    [400, openai('Range of input length should be [1, 30720]'), 'context_length_exceeded'],
    [400, openai('Invalid request: Your request exceeded model token limit: 8192'), 'context_length_exceeded'],
    [400, openai("This model's maximum prompt length is 131072"), 'context_length_exceeded'],
    [
      400,
      { code: 20_015, message: 'length of prompt_tokens (9) must be less than max_seq_len (8).' },
      'context_length_exceeded',
    ],
    [400, openai('Prompt length of 9 is longer than the maximum model length of 8.'), 'context_length_exceeded'],
    [400, openai('`inputs` tokens + `max_new_tokens` must be <= 8. Given: 9'), 'context_length_exceeded'],
    [400, openai('Input tokens exceed the configured limit of 9 tokens.'), 'context_length_exceeded'],
    // A bound that is too small is no context that is too long.
    [400, openai('Could not finish the message because max_tokens was reached.'), 'invalid_request'],
    [400, openai('Total tokens of image and text exceed max message tokens.'), 'context_length_exceeded'],
    [
      413,
      openai('Request too large for model `x` on tokens per minute (TPM)', { code: 'rate_limit_exceeded' }),
      'context_length_exceeded',
    ],
    [400, behind(JSON.stringify(openai(tooLong))), 'context_length_exceeded', { message: tooLong }],
    [400, behind('It takes one picture.'), 'invalid_request', { message: 'It takes one picture.' }],
    [400, behind('{"no":"words"}'), 'invalid_request', { message: '{"no":"words"}' }],
    [403, behind('', { error_type: 'content_policy_violation' }), 'content_refused'],
    [403, openai('Your chosen model requires moderation and your input was flagged'), 'content_refused'],
    [403, openai('Key limit exceeded (total limit).', { code: 403 }), 'provider_quota_exceeded'],
    [404, openai('No endpoints found that support image input', { code: 404 }), 'invalid_request'],
    // xAI: the error is a text.
    [400, { code: 'x', error: 'Incorrect API key provided: na***ys.' }, 'provider_key_refused'],
    [403, { code: 'x', error: 'Content violates usage guidelines. Failed check: BIO' }, 'content_refused'],
    [
      403,
      { code: 'x', error: "Your newly created team doesn't have any credits or licenses yet." },
      'provider_quota_exceeded',
    ],
    // Doubao.
    [400, openai('It may be violent.', { code: 'SensitiveContentDetected.Violence' }), 'content_refused'],
    [400, openai('It may be so.', { code: 'OutputTextSensitiveContentDetected' }), 'content_refused'],
    [400, openai('It includes that.', { code: 'InputTextRiskDetection' }), 'content_refused'],
    [429, openai('has exhausted its free trial quota', { code: 'QuotaExceeded' }), 'provider_quota_exceeded'],
    [429, openai('has reached the set inference limit', { code: 'SetLimitExceeded' }), 'provider_quota_exceeded'],
    [429, openai('unable to handle it due to server overload', { code: 'ServerOverloaded' }), 'provider_overloaded'],
    [403, openai('used up', { code: 'AllocationQuota.FreeTierOnly' }), 'provider_quota_exceeded'],
    [403, openai('Country, region, or territory not supported'), 'invalid_request'],
    [400, openai('It has been decommissioned', { code: 'model_decommissioned' }), 'model_not_found'],
    [400, openai(''), 'invalid_request', { message: 'The provider answered with status 400.' }],
    [400, openai('filtered', { code: 'content_filter' }), 'content_refused'],
    [400, openai('no', { type: 'data_inspection_failed' }), 'content_refused'],
    [400, openai('Content Exists Risk'), 'content_refused'],
    [400, { error: 'temperature must be a number' }, 'invalid_request', { message: 'temperature must be a number' }],
    [422, openai('bad tools', { param: 'tools' }), 'invalid_request', { param: 'tools', message: 'bad tools' }],
    // Mistral's message is a whole report.
    [
      422,
      {
        object: 'error',
        message: {
          detail: [{ type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Extra inputs are not permitted' }],
        },
      },
      'invalid_request',
      { message: expect.stringContaining('Extra inputs are not permitted') },
    ],
    [400, openai('no', { type: 'engine_overloaded_error' }), 'provider_overloaded'],
    [429, openai('The engine is currently overloaded'), 'provider_overloaded'],
    [503, openai('The engine is currently overloaded, please try again later'), 'provider_overloaded'],
    [503, openai('Service is too busy. We advise users to temporarily switch.'), 'provider_overloaded'],
    [529, openai('busy'), 'provider_overloaded'],
    [500, openai('oops'), 'provider_failed'],
    [503, '<html>', 'provider_failed'],
    [200, openai('we are closed'), 'provider_failed'],
  ],
  zhipu: [
    [401, zhipu('1002'), 'provider_key_refused'],
    [429, zhipu('1113'), 'provider_quota_exceeded'],
    [429, zhipu('1308'), 'provider_quota_exceeded'],
    [429, zhipu('1302'), 'provider_rate_limited'],
    [429, zhipu('9999'), 'provider_rate_limited'],
    [429, zhipu('1305'), 'provider_overloaded'],
    [400, zhipu('1301'), 'content_refused'],
    [400, zhipu('1261'), 'context_length_exceeded'],
    [400, zhipu('1211'), 'model_not_found'],
    [400, zhipu('1214'), 'invalid_request', { message: '……' }],
    [500, zhipu('1234'), 'provider_failed'],
  ],
  anthropic: [
    [403, anthropic('permission_error', 'no'), 'provider_key_refused'],
    [402, anthropic('billing_error', 'no'), 'provider_quota_exceeded'],
    [404, anthropic('not_found_error', 'model: claude-nine'), 'model_not_found'],
    [413, anthropic('request_too_large', 'Request exceeds the maximum size'), 'invalid_request'],
    [429, anthropic('rate_limit_error', 'slow down'), 'provider_rate_limited'],
    [
      429,
      anthropic('rate_limit_error', 'monthly', { details: { error_code: 'enforced_spend_limit_reached' } }),
      'provider_quota_exceeded',
    ],
    [500, anthropic('api_error', 'Internal server error'), 'provider_failed'],
    [529, anthropic('overloaded_error', 'Overloaded'), 'provider_overloaded'],
    [
      400,
      anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
      'context_length_exceeded',
    ],
    [
      400,
      anthropic('invalid_request_error', 'input length and `max_tokens` exceed context limit: 9 + 8 > 10'),
      'context_length_exceeded',
    ],
    [
      400,
      anthropic('invalid_request_error', 'Your credit balance is too low to access the API'),
      'provider_quota_exceeded',
    ],
    [
      400,
      anthropic('invalid_request_error', 'You have reached your specified API usage limits.'),
      'provider_quota_exceeded',
    ],
    [400, anthropic('invalid_request_error', 'messages: at least one message is required'), 'invalid_request'],
  ],
  gemini: [
    [403, gemini(403, 'PERMISSION_DENIED'), 'provider_key_refused'],
    [404, gemini(404, 'NOT_FOUND'), 'model_not_found'],
    [400, gemini(400, 'FAILED_PRECONDITION'), 'provider_quota_exceeded'],
    [
      400,
      gemini(400, 'FAILED_PRECONDITION', { message: 'User location is not supported for the API use.' }),
      'invalid_request',
      { message: 'User location is not supported for the API use.' },
    ],
    [429, gemini(429, 'RESOURCE_EXHAUSTED'), 'provider_rate_limited'],
    [
      429,
      gemini(429, 'RESOURCE_EXHAUSTED', { message: 'Your prepayment credits are depleted.' }),
      'provider_quota_exceeded',
    ],
    [
      429,
      gemini(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')),
      'provider_quota_exceeded',
    ],
    [
      429,
      gemini(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier')),
      'provider_rate_limited',
    ],
    [500, gemini(500, 'INTERNAL'), 'provider_failed'],
    [503, gemini(503, 'UNAVAILABLE'), 'provider_overloaded'],
    [504, gemini(504, 'DEADLINE_EXCEEDED'), 'provider_failed'],
    [503, [gemini(503, 'UNAVAILABLE')], 'provider_overloaded'],
    [400, gemini(400, 'INVALID_ARGUMENT'), 'invalid_request'],
    [
      400,
      gemini(400, 'INVALID_ARGUMENT', {
        message: 'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
      }),
      'context_length_exceeded',
    ],
  ],
};

/** What every vendor can say; that of content Anthropic and Google say as the end of an answer. */
const TOLD_APART: ErrorCode[] = [
  'provider_key_refused',
  'provider_quota_exceeded',
  'provider_rate_limited',
  'provider_overloaded',
  'provider_failed',
  'context_length_exceeded',
  'model_not_found',
  'invalid_request',
];

/** After the first words, when there is no HTTP status: the error, and what it is. */
const IN_STREAM: [WireName, { error: unknown }, ErrorCode][] = [
  // OpenRouter says the status as the code.
  ['openai', openai('Rate limited upstream', { code: 429 }), 'provider_rate_limited'],
  ['zhipu', zhipu('1301'), 'content_refused'],
  ['anthropic', anthropic('overloaded_error', 'Overloaded'), 'provider_overloaded'],
  ['gemini', gemini(503, 'UNAVAILABLE'), 'provider_overloaded'],
];

/** A wrong key, and what the vendor says to it. */
const WRONG_KEYS: [WireName, string, RegExp][] = [
  ['openai', 'sk-somebody-elses', /Incorrect API key provided: \[hidden\]/],
  ['zhipu', 'fake-id.somebody-elses', /code 1004/],
  ['anthropic', 'sk-ant-api03-somebody-elses', /invalid x-api-key/],
  ['gemini', 'AIza-somebody-elses', /API key not valid/],
];

const bench = useVendorBench();

describe.each(Object.entries(REFUSALS) as [WireName, Refused[]][])('a refusal in the wire %s', (wire, refusals) => {
  it.each(refusals)('with status %i and %j is %s', async (status, body, code, more = {}) => {
    bench.vendor.answer({ status, body });
    await expect(ask(await bench.engine(wire))).rejects.toMatchObject({ code, ...more });
  });

  it('is told apart from all others that have another remedy', () => {
    expect(refusals.map(([, , code]) => code)).toEqual(expect.arrayContaining(TOLD_APART));
  });

  it.each([429, 529])('with status %i says in a header how long to wait', async (status) => {
    bench.vendor.answer({ status, headers: { 'retry-after': '12' }, body: {} });
    await expect(ask(await bench.engine(wire))).rejects.toMatchObject({ retryAfterSeconds: 12 });
  });

  it('says which model and which provider do not fit', async () => {
    bench.vendor.answer({ status: 404, body: {} });
    const engine = await bench.engine(wire, { upstream_model: 'theirs' });
    await expect(ask(engine)).rejects.toThrow(/127\.0\.0\.1:\d+ does not offer the model theirs/);
  });
});

it.each(IN_STREAM)(
  'an error in the middle of a stream is known by its own words: %s, %j',
  async (wire, afterwards, code) => {
    bench.vendor.answer({ pieces: ['Hel'], afterwards });
    await expect(ask(await bench.engine(wire))).rejects.toMatchObject({ code });
  },
);

it('a refusal is told in no more words than people read', async () => {
  bench.vendor.answer({ status: 400, body: openai('no '.repeat(9_000)) });
  const error = await ask(await bench.engine('openai')).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toHaveLength(1_000);
});

it.each(WRONG_KEYS)('a wrong key is told to whoever runs Parley, without the key: %s', async (wire, key, words) => {
  const error = await ask(await bench.engine(wire, { api_key: key })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'provider_key_refused', message: expect.stringContaining('refused the key') });
  expect((error as Error).message).not.toMatch(words);
  expect(String((error as Error).cause)).toMatch(words);
  expect(String((error as Error).cause)).not.toContain('somebody-elses');
});
