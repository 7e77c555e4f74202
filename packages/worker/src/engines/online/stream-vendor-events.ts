import type { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import { readEventStream, type HttpAnswer } from '@parley/service-kit';
import { parseJson } from './parse-json.ts';
import { SilenceLimit } from './silence-limit.ts';
import { sendToVendor, type VendorCall } from './vendor-call.ts';
import { isRefusal, readRefusal, toRefusal } from './vendor-refusal.ts';

/** How a provider's stream is read. */
export interface StreamForm<Event> {
  schema: z.ZodType<Event>;
  /** SSE name of the message that ends the stream, where it is not OpenAI's `[DONE]`. */
  lastEvent?: string;
}

/**
 * Asks a provider and reads its stream of events until its last one, or its end. Throws what
 * `toError` makes of a refusal, `provider_failed` when there is no readable answer,
 * `stream_interrupted` when the connection breaks in the middle.
 */
export async function* streamVendorEvents<Event>(call: VendorCall, form: StreamForm<Event>): AsyncGenerator<Event> {
  const limit = new SilenceLimit(call.silenceLimitMs, call.signal);
  try {
    const answer = await ask(call, limit.signal);
    for await (const data of readData(answer, limit, form.lastEvent)) yield readEvent(data, call, form.schema);
  } catch (error) {
    limit.check();
    throw error;
  } finally {
    limit.stop();
  }
}

async function ask(call: VendorCall, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await sendToVendor(call, signal);
  if (String(answer.headers['content-type']).includes('event-stream')) return answer;
  // Some providers refuse with status 200; and a proxy's page is no answer either.
  throw call.toError({ ...(await readRefusal(answer, call)), status: null });
}

async function* readData(
  { body }: HttpAnswer,
  limit: SilenceLimit,
  lastEvent: string | undefined,
): AsyncGenerator<string> {
  let isDone = false;
  // What breaks is thrown by the reading below; an error after it, by our own leaving, is nobody's.
  body.on('error', () => undefined);
  try {
    for await (const { event, data } of readEventStream(touching(body.iterator({ destroyOnReturn: false }), limit))) {
      isDone = data === '[DONE]' || (lastEvent !== undefined && event === lastEvent);
      if (isDone) return;
      yield event === 'error' && !data.includes('"error"') ? JSON.stringify({ error: data }) : data;
    }
  } catch (error) {
    throw new ParleyError('stream_interrupted', 'The connection to the provider broke in the middle of the answer.', {
      cause: error,
    });
  } finally {
    // Read to its end the connection serves the next request too; destroyed it does not.
    if (isDone) body.resume();
    else body.destroy();
  }
}

async function* touching(body: AsyncIterable<Uint8Array>, limit: SilenceLimit): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    limit.touch();
    yield bytes;
  }
}

function readEvent<Event>(data: string, { toError, toErrorForm }: VendorCall, schema: z.ZodType<Event>): Event {
  const event = toErrorForm(parseJson(data));
  if (isRefusal(event)) throw toError(toRefusal(event, null));
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new ParleyError('provider_failed', 'The provider sent something that is no answer.', { cause: parsed.error });
}
