import { ParleyError } from '@parley/contracts';
import { readJson, type HttpAnswer } from '@parley/service-kit';
import { SilenceLimit } from './silence-limit.ts';
import { sendToVendor, type VendorCall } from './vendor-call.ts';
import { isRefusal, toRefusal } from './vendor-refusal.ts';

/** 2,048 vectors of 3,072 numbers, written out, are some 130 MB. */
const MAX_ANSWER_BYTES = 192 * 1024 * 1024;

/**
 * Asks a provider and reads its answer, which is one piece of JSON. Throws what `toError` makes of a
 * refusal, also of one with status 200, and `provider_failed` when there is no readable answer.
 */
export async function askVendor(call: VendorCall): Promise<unknown> {
  const limit = new SilenceLimit(call.silenceLimitMs, call.signal);
  try {
    const answer = await sendToVendor(call, limit.signal);
    const body = call.toErrorForm(await readWhole(answer, limit, call.maxBytes));
    if (isRefusal(body)) throw call.toError(toRefusal(body, null));
    return body;
  } catch (error) {
    limit.check();
    throw error;
  } finally {
    limit.stop();
  }
}

async function readWhole(answer: HttpAnswer, limit: SilenceLimit, maxBytes = MAX_ANSWER_BYTES): Promise<unknown> {
  answer.body.on('data', () => limit.touch());
  try {
    return await readJson(answer, { maxBytes });
  } catch (error) {
    if (limit.signal.aborted) throw new ParleyError('request_aborted', 'The reader left.', { cause: error });
    throw new ParleyError('provider_failed', 'The connection to the provider broke in the middle of the answer.', {
      cause: error,
    });
  }
}
