import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_WORDS_HEADER } from '@parley/contracts';
import { startFakeVendor, type FakeVendor } from './testing/fake-vendor.ts';
import { startTestWorker, TEST_SECRET, type TestWorker } from './testing/start-test-worker.ts';

let vendor: FakeVendor;
let worker: TestWorker;

beforeEach(async () => {
  vendor = await startFakeVendor();
  const online = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
  worker = await startTestWorker({ name: 'ours', ...online });
});

afterEach(async () => {
  await worker.close();
  await vendor.close();
});

async function refusal(
  headers: Record<string, string>,
  more: object = { code: 'insufficient_quota' },
): Promise<{ code: string; message: string }> {
  const message = `Your credit is used up; the key was ${vendor.openaiKey}.`;
  vendor.answer({ status: 429, body: { error: { message, ...more } } });
  const answer = await request(`${worker.address}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_SECRET}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'ours', messages: [{ role: 'user', content: 'Hi' }] }),
  });
  return ((await answer.body.json()) as { error: { code: string; message: string } }).error;
}

describe('what the provider said', () => {
  it('is told to who asks for it, without the key', async () => {
    const { code, message } = await refusal({ [PROVIDER_WORDS_HEADER]: '1' });
    expect(code).toBe('provider_quota_exceeded');
    expect(message).toMatch(/has no quota left.*Your credit is used up/);
    expect(message).not.toContain(vendor.openaiKey);
  });

  it('says no code where it had none', async () => {
    const { message } = await refusal({ [PROVIDER_WORDS_HEADER]: '1' }, {});
    expect(message).toMatch(/ answered 429: Your credit/);
  });

  it('is kept from everyone else', async () => {
    expect((await refusal({})).message).not.toContain('credit');
  });
});
