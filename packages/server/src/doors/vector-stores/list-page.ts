import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { z } from 'zod';
import { ParleyError } from '@parley/contracts';

const cursorSchema = z.string().min(1).max(128).nullable().default(null);

/** What every list may be asked for. */
export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  /** The id that the page follows, or that it ends before. */
  after: cursorSchema,
  before: cursorSchema,
});
export type ListQuery = z.output<typeof listQuerySchema>;

/** A place in a list that is ordered by time. */
export interface ListPlace {
  created_at: number;
  id: string;
}

/** In which direction the rows of a page are read, and from where on. */
export interface PagePlan {
  limit: number;
  direction: 'asc' | 'desc';
  from: ListPlace | null;
  /** They are read away from the end of the page, and turned round then. */
  isBackward: boolean;
}

/** Throws `invalid_request` for an id that is not in the list, and for two of them. */
export async function planPage(
  { limit, order, after, before }: ListQuery,
  find: (id: string) => Promise<ListPlace | undefined>,
): Promise<PagePlan> {
  if (after !== null && before !== null) throw wrongCursor('before', 'must not be given together with `after`');
  const id = after ?? before;
  const from = id === null ? null : await find(id);
  if (from === undefined) throw wrongCursor(after === null ? 'before' : 'after', 'must be an id of this list');
  const isBackward = before !== null;
  const opposite = order === 'asc' ? 'desc' : 'asc';
  return { limit, direction: isBackward ? opposite : order, from, isBackward };
}

/** The rows of a table on the far side of the place from which a page is read. */
export function isBeyond(
  table: string,
  { from, direction }: Pick<PagePlan, 'from' | 'direction'>,
): RawBuilder<SqlBool> {
  if (from === null) return sql<SqlBool>`true`;
  const [time, id] = [sql.ref(`${table}.created_at`), sql.ref(`${table}.id`)];
  const sign = sql.raw(direction === 'asc' ? '>' : '<');
  return sql<SqlBool>`(${time}, ${id}) ${sign} (${from.created_at}, ${from.id})`;
}

/** The page out of what was read, which is one more than it has room for when there are more. */
export function cutPage<Row>(rows: readonly Row[], { limit, isBackward }: PagePlan): { rows: Row[]; hasMore: boolean } {
  const kept = rows.slice(0, limit);
  return { rows: isBackward ? kept.toReversed() : kept, hasMore: rows.length > limit };
}

/** A page as it is answered. */
export function toList<Item extends { id: string }>(data: readonly Item[], hasMore: boolean) {
  return {
    object: 'list' as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

function wrongCursor(param: 'after' | 'before', reason: string): ParleyError {
  return new ParleyError('invalid_request', `${param}: ${reason}.`, { param });
}
