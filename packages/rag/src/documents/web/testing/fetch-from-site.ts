import { ParleyError } from '@parley/contracts';
import type { FetchedPage } from '../crawl-events.ts';

/** Stands in for the server's guarded fetch: follows redirects, refuses what is not found. */
export async function fetchFromSite(url: string, signal: AbortSignal): Promise<FetchedPage> {
  const response = await fetch(url, { signal });
  const { status } = response;
  if (status !== 200) {
    throw new ParleyError('url_unreachable', `${url} answered with status ${status}.`, { answeredStatus: status });
  }
  const [mediaType = '', parameter = ''] = (response.headers.get('content-type') ?? '').split(';');
  const charset = /charset=([\w-]+)/.exec(parameter)?.[1] ?? null;
  return { url: response.url, mediaType, charset, body: new Uint8Array(await response.arrayBuffer()) };
}
