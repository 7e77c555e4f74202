import { ParleyError } from '@parley/contracts';

/** The last row of a page; the next page begins after it. */
export interface PageCursor {
  updatedAt: number;
  id: string;
}

export function toCursorText({ updatedAt, id }: PageCursor): string {
  return `${updatedAt}.${id}`;
}

/** Throws `invalid_request` for what no page gave out. */
export function fromCursorText(text: string): PageCursor {
  const [, updatedAt, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text) ?? [];
  if (updatedAt === undefined || id === undefined) {
    throw new ParleyError('invalid_request', 'before: must be the `next` of an earlier page.', { param: 'before' });
  }
  return { updatedAt: Number(updatedAt), id };
}
