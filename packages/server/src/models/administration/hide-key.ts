import { ParleyError } from '@parley/contracts';

/** Shorter ones would blank ordinary words; they are what people give to servers that ask for any key. */
const SHORTEST_KEY = 8;

/** A vendor may repeat the key in its refusal; neither an answer nor the log may hold it. */
export function withoutKey(error: unknown, key: string | null): unknown {
  if (!(error instanceof ParleyError) || key === null) return error;
  const { code, message, param, retryAfterSeconds } = error;
  return new ParleyError(code, hideKey(message, key), {
    ...(param !== null && { param }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  });
}

/** A text in which a key, wherever it stands, is replaced. */
export function hideKey(text: string, key: string | null): string {
  return key === null || key.length < SHORTEST_KEY ? text : text.replaceAll(key, '…');
}
