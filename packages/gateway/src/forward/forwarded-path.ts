import { ParleyError } from '@parley/contracts';

/** The routes of OpenAI's API that the application server answers: its files and vector stores. */
const FORWARDED = /^\/v1\/(?:files|vector_stores)(?:\/[\w-]{1,128})*$/;

/**
 * The path and query to ask the application server for. Only ids stand between the slashes: a path
 * that could be read as another one (dots, percent signs) would lead the owner's rights elsewhere.
 * Throws `not_found`.
 */
export function forwardedPath(url: string): string {
  const queryStart = url.indexOf('?');
  const path = queryStart === -1 ? url : url.slice(0, queryStart);
  if (FORWARDED.test(path)) return url;
  throw new ParleyError('not_found', 'There is nothing at this path.');
}
