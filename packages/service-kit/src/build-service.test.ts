import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes, ParleyError, type ErrorCode } from '@parley/contracts';
import { buildService } from './build-service.ts';
import { parseBody } from './parse-body.ts';
import { silentLogger } from './testing/index.ts';

let app = build();
afterEach(async () => {
  await app.close();
  app = build();
});

function build() {
  const service = buildService({ name: 'test', logger: silentLogger(), bodyLimit: 1000 });
  const bodySchema = z.object({ messages: z.array(z.object({ role: z.enum(['user', 'assistant']) })) });
  service.post('/parse', (request) => parseBody(bodySchema, request.body));
  service.get('/throw/:code', (request) => {
    const { code } = request.params as { code: ErrorCode };
    throw new ParleyError(code, `It was ${code}.`, { retryAfterSeconds: 7 });
  });
  service.get('/crash', () => {
    throw new Error('the password is hunter2');
  });
  return service;
}

describe('every service', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('answers %s with the status of the table', async (code) => {
    const response = await app.inject({ url: `/throw/${code}` });
    expect(response.statusCode).toBe(errorCodes[code].status);
    expect(response.json()).toEqual({
      error: { message: `It was ${code}.`, type: errorCodes[code].type, param: null, code },
    });
    expect(response.headers['retry-after']).toBe('7');
  });

  it('hides what an unforeseen error says', async () => {
    const response = await app.inject({ url: '/crash' });
    expect(response.statusCode).toBe(500);
    expect(response.body).toContain('internal_error');
    expect(response.body).not.toContain('hunter2');
  });

  it('names the field of a wrong body', async () => {
    const response = await app.inject({ method: 'POST', url: '/parse', payload: { messages: [{ role: 'king' }] } });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatchObject({ code: 'invalid_request', param: 'messages.0.role' });
  });

  it.each([
    ['no JSON', { payload: '{', headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
    ['nothing', { headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
    ['a number', { payload: '5', headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
    ['XML', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }, 415, 'unsupported_media_type'],
    ['too much', { payload: { messages: ['x'.repeat(2000)] } }, 413, 'body_too_large'],
  ] as const)('refuses a body that is %s', async (_, request, status, code) => {
    const response = await app.inject({ method: 'POST', url: '/parse', ...request });
    expect([response.statusCode, response.json().error.code]).toEqual([status, code]);
  });

  it('answers an unknown path in the same shape', async () => {
    const response = await app.inject({ url: '/nowhere?key=secret' });
    expect(response.statusCode).toBe(404);
    expect(response.json().error.message).toBe('There is nothing at GET /nowhere.');
  });

  it('echoes a request id, and makes one in place of a harmful one', async () => {
    const known = await app.inject({ url: '/health', headers: { 'x-request-id': 'req-1' } });
    expect(known.headers['x-request-id']).toBe('req-1');
    const harmful = await app.inject({ url: '/health', headers: { 'x-request-id': 'a b\tc' } });
    expect(harmful.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
