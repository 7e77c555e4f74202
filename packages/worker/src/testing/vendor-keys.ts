import { decodeProtectedHeader, jwtVerify } from 'jose';

/** What OpenAI answers to a wrong key, or null when the key is right. */
export function refuseOpenaiKey(authorization: string, key: string): { status: number; body: unknown } | null {
  if (authorization === `Bearer ${key}`) return null;
  const message = `Incorrect API key provided: ${authorization.slice(7)}.`;
  const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' };
  return { status: 401, body: { error } };
}

/** What Zhipu answers to a token that it does not accept, or null: signature, header and both times are checked. */
export async function refuseZhipuToken(
  authorization: string,
  key: string,
): Promise<{ status: number; body: unknown } | null> {
  if (authorization === '') return refusal('1001', 'Header中未收到Authentication参数，无法进行身份验证');
  const token = authorization.replace(/^Bearer /, '');
  const [id, secret] = key.split('.');
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

function refusal(code: string, message: string): { status: number; body: unknown } {
  return { status: 401, body: { error: { code, message } } };
}
