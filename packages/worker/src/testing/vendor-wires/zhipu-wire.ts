import { decodeProtectedHeader, jwtVerify } from 'jose';
import { frame, STANDARD_USAGE, type Refusal, type VendorWire } from './vendor-wire.ts';

const KEY = `${'0123456789abcdef'.repeat(2)}.fakeVendorSecret`;

/** docs.bigmodel.cn: the role in each chunk, the end and usage in the last one; no list of models. */
export const zhipuWire: VendorWire = {
  prefix: '/api/paas/v4',
  key: KEY,
  refuseKey: ({ authorization = '' }) => refuseToken(authorization),
  listModels: () => ({ status: 404, body: { error: { code: '1222', message: 'API 不存在' } } }),
  play({ model }) {
    const chunk = (choice: object, more: object = {}) =>
      frame({ id: '8313807536837492492', created: 1706092316, model, choices: [{ index: 0, ...choice }], ...more });
    return {
      begin: () => '',
      piece: (delta) => chunk({ delta: { role: 'assistant', ...delta } }),
      end({ finishReason, usage }) {
        const counts = Object.keys(usage).length > 0 ? usage : STANDARD_USAGE;
        const reason = finishReason === null ? {} : { finish_reason: finishReason };
        const last = chunk({ delta: { role: 'assistant', content: '' }, ...reason }, { usage: counts });
        return `${last}data: [DONE]\n\n`;
      },
      fail: (error) => frame(error),
    };
  },
};

/** What Zhipu answers to a token that it does not accept, or null: signature, header and both times are checked. */
async function refuseToken(authorization: string): Promise<Refusal | null> {
  if (authorization === '') return refusal('1001', 'Header中未收到Authentication参数，无法进行身份验证');
  const token = authorization.replace(/^Bearer /, '');
  const [id, secret] = KEY.split('.');
  try {
    const { alg, sign_type: signType } = decodeProtectedHeader(token);
    if (alg !== 'HS256' || signType !== 'SIGN') return refusal('1002', 'Authentication Token非法');
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret));
    const { api_key: tokenId, exp = 0, timestamp } = payload;
    if (tokenId !== id) return refusal('1002', 'Authentication Token非法');
    // Both are milliseconds; seconds would lie in 1970.
    const isTimely = Math.abs(Number(timestamp) - Date.now()) < 3_600_000 && exp > Date.now();
    return isTimely ? null : refusal('1003', 'Authentication Token已过期');
  } catch {
    return refusal('1004', '通过Authentication Token的验证失败');
  }
}

function refusal(code: string, message: string): Refusal {
  return { status: 401, body: { error: { code, message } } };
}
