import { describe, expect, it } from 'vitest';
import { errorCodes, isErrorCode, type ErrorCode } from './error-codes.ts';
import { ParleyError } from './parley-error.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

describe('the error table', () => {
  it.each(codes)('%s survives the way over the wire', (code) => {
    const error = new ParleyError(code, 'A sentence.', { param: 'messages.0' });
    const back = ParleyError.fromBody(JSON.parse(JSON.stringify(error.toBody())), 'internal_error');
    expect(back).toMatchObject({ code, message: 'A sentence.', param: 'messages.0', status: errorCodes[code].status });
  });

  it('holds only failures', () => {
    for (const code of codes) expect(errorCodes[code].status).toBeGreaterThanOrEqual(400);
  });

  it('keeps a foreign code out, and its words', () => {
    expect(isErrorCode('toString')).toBe(false);
    const back = ParleyError.fromBody({ error: { message: 'No credit.', code: 1113 } }, 'provider_failed');
    expect(back).toMatchObject({ code: 'provider_failed', message: 'No credit.' });
  });

  it('makes an error of what is no error body', () => {
    expect(ParleyError.fromBody('<html>', 'provider_failed').code).toBe('provider_failed');
  });
});
