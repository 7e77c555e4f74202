import { z } from 'zod';
import type { Attributes } from './store-requests.ts';

/** `and` inside of `or` inside of `and`; a program that needs more can write it flatter. */
const MOST_LEVELS = 4;
const MOST_PARTS = 50;
/** Values in all comparisons together: each is compared with every file of the store. */
const MOST_VALUES = 1_000;

const valueSchema = z.union([z.string().max(512), z.number(), z.boolean()]);
const keySchema = z.string().min(1).max(64);

const comparisonSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), key: keySchema, value: valueSchema }),
  z.object({ type: z.enum(['in', 'nin']), key: keySchema, value: z.array(valueSchema).max(500) }),
]);
type Comparison = z.output<typeof comparisonSchema>;
interface Compound {
  type: 'and' | 'or';
  filters: SearchFilter[];
}
export type SearchFilter = Comparison | Compound;

/** OpenAI's comparison and compound filters. Written out level by level: what comes in has a bounded depth. */
export const searchFilterSchema: z.ZodType<SearchFilter> = filterOf(MOST_LEVELS).refine(
  (filter) => countValues(filter) <= MOST_VALUES,
  `must compare with at most ${MOST_VALUES} values in all`,
);

function filterOf(levels: number): z.ZodType<SearchFilter> {
  if (levels === 1) return comparisonSchema;
  const filters = z.array(filterOf(levels - 1)).max(MOST_PARTS);
  return z.discriminatedUnion('type', [
    ...comparisonSchema.options,
    z.object({ type: z.enum(['and', 'or']), filters }),
  ]);
}

function countValues(filter: SearchFilter): number {
  if ('filters' in filter) return filter.filters.reduce((sum, part) => sum + countValues(part), 1);
  return Array.isArray(filter.value) ? filter.value.length : 1;
}

/** Whether a file is meant. What it has no attribute for is unlike everything. */
export function isMeant(filter: SearchFilter, attributes: Attributes): boolean {
  if ('filters' in filter) {
    const isPartMeant = (part: SearchFilter) => isMeant(part, attributes);
    return filter.type === 'and' ? filter.filters.every(isPartMeant) : filter.filters.some(isPartMeant);
  }
  const actual = Object.hasOwn(attributes, filter.key) ? attributes[filter.key] : undefined;
  return compare(filter, actual);
}

function compare({ type, value }: Comparison, actual: Attributes[string] | undefined): boolean {
  if (type === 'in') return actual !== undefined && value.includes(actual);
  if (type === 'nin') return actual === undefined || !value.includes(actual);
  if (type === 'eq') return actual === value;
  if (type === 'ne') return actual !== value;
  // Numbers and texts have an order, but none among each other.
  if (actual === undefined || typeof actual !== typeof value) return false;
  if (type === 'gt') return actual > value;
  if (type === 'gte') return actual >= value;
  return type === 'lt' ? actual < value : actual <= value;
}
