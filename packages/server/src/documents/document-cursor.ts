import { ParleyError } from '@parley/contracts';

/** The last document of a page; the next page begins after it. */
export interface DocumentCursor {
  createdAt: number;
  id: string;
}

export function toCursorText({ createdAt, id }: DocumentCursor): string {
  return `${createdAt}.${id}`;
}

/** Throws `invalid_request` for what no page gave out. */
export function fromCursorText(text: string): DocumentCursor {
  const [, createdAt, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new ParleyError('invalid_request', 'after: must be the `next` of an earlier page.', { param: 'after' });
  }
  return { createdAt: Number(createdAt), id };
}
