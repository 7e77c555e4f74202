import type { ErrorCode, ParleyError } from '@parley/contracts';
import { fromOpenaiRefusal, toParleyError, type Upstream } from '../online/from-openai-refusal.ts';
import type { VendorRefusal } from '../online/vendor-refusal.ts';

// docs.bigmodel.cn/cn/faq/api-code
const CODES: Record<string, ErrorCode> = {
  1000: 'provider_key_refused',
  1001: 'provider_key_refused',
  1002: 'provider_key_refused',
  1003: 'provider_key_refused',
  1004: 'provider_key_refused',
  1110: 'provider_key_refused',
  1111: 'provider_key_refused',
  1112: 'provider_key_refused',
  1121: 'provider_key_refused',
  1220: 'provider_key_refused',
  1311: 'provider_key_refused',
  1113: 'provider_quota_exceeded',
  1304: 'provider_quota_exceeded',
  1308: 'provider_quota_exceeded',
  1309: 'provider_quota_exceeded',
  1310: 'provider_quota_exceeded',
  1302: 'provider_rate_limited',
  1303: 'provider_rate_limited',
  1313: 'provider_rate_limited',
  // Load on the whole model, docs.bigmodel.cn/cn/api/rate-limit.
  1305: 'provider_overloaded',
  1312: 'provider_overloaded',
  1210: 'invalid_request',
  1212: 'invalid_request',
  1213: 'invalid_request',
  1214: 'invalid_request',
  1215: 'invalid_request',
  1211: 'model_not_found',
  1221: 'model_not_found',
  1222: 'model_not_found',
  1261: 'context_length_exceeded',
  1300: 'content_refused',
  1301: 'content_refused',
  500: 'provider_failed',
  1120: 'provider_failed',
  1200: 'provider_failed',
  1230: 'provider_failed',
  1234: 'provider_failed',
};

/** Zhipu's refusal as an error of the table: by its own code, else by the status as with OpenAI. */
export function fromZhipuRefusal(refusal: VendorRefusal, upstream: Upstream): ParleyError {
  const code = CODES[refusal.code ?? ''];
  return code === undefined ? fromOpenaiRefusal(refusal, upstream) : toParleyError(code, refusal, upstream);
}
