import {
  baseSettingsSchema,
  errorCodeSchema,
  type BaseAlarm,
  type BaseSettings,
  type EmbeddingSpace,
  type KnowledgeBase,
} from '@parley/contracts';
import { z } from 'zod';
import type { AccessibleBase } from './base-access.ts';
import type { BaseCounts, BasesRepository, CountedSpace } from './bases.repository.ts';

export interface BaseViewTools {
  bases: Pick<BasesRepository, 'count' | 'spaces'>;
  /** What makes answers from a base worse than they look, now. */
  alarmsOf: (baseId: string) => BaseAlarm[];
}

const storedErrorSchema = z.object({ code: errorCodeSchema, message: z.string() });

/** The bases as their users see them; everything is counted for all of them at once. */
export async function toBaseViews(
  bases: readonly AccessibleBase[],
  { bases: repository, alarmsOf }: BaseViewTools,
): Promise<KnowledgeBase[]> {
  const ids = bases.map(({ id }) => id);
  const counts = await repository.count(ids);
  const spaces = Map.groupBy(await repository.spaces(ids), ({ base_id: id }) => id);
  return bases.map((base) =>
    toView(base, { counts: counts.get(base.id), spaces: spaces.get(base.id) ?? [], alarmsOf }),
  );
}

/** A base's settings as they are stored; what an older version did not know has its default. */
export function settingsOf({ settings }: Pick<AccessibleBase, 'settings'>): BaseSettings {
  return baseSettingsSchema.parse(JSON.parse(settings));
}

/** The code and sentence that a row keeps of a failure; what this version cannot read is an unnamed failure. */
export function toStoredError(json: string | null): z.output<typeof storedErrorSchema> | null {
  if (json === null) return null;
  const parsed = storedErrorSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : { code: 'internal_error', message: 'The reason is not known any more.' };
}

interface Counted extends Pick<BaseViewTools, 'alarmsOf'> {
  counts: BaseCounts | undefined;
  spaces: readonly CountedSpace[];
}

function toView(base: AccessibleBase, { counts, spaces, alarmsOf }: Counted): KnowledgeBase {
  const { id, name, description, kind, role, owner_name, visibility, created_at, updated_at } = base;
  const settings = settingsOf(base);
  const { documents, chunks } = counts ?? { documents: { ready: 0, running: 0, failed: 0 }, chunks: 0 };
  return {
    id,
    name,
    description,
    kind,
    role,
    owner_name,
    visibility,
    settings,
    documents,
    chunks,
    spaces: spaces.map((space) => toSpaceView(space, chunks)),
    alarms: alarmsOf(id).filter((alarm) => isStillUsed(alarm.kind, { settings, spaces })),
    created_at,
    updated_at,
  };
}

/** Who gave up a model is not told for ever that it does not answer: nobody will ask it again. */
function isStillUsed(
  kind: BaseAlarm['kind'],
  { settings, spaces }: { settings: BaseSettings; spaces: readonly CountedSpace[] },
): boolean {
  if (kind === 'rerank-failed') return settings.retrieval.rerank_model !== null;
  if (kind !== 'embedding-failed' && kind !== 'vector-store-failed') return true;
  return spaces.some(({ state }) => state === 'active' || state === 'filling');
}

function toSpaceView(
  { id, model, dimensions, state, done, error, created_at }: CountedSpace,
  total: number,
): EmbeddingSpace {
  // A version that is still being written has vectors that nobody searches yet.
  const counted = Math.min(done, total);
  return { id, model, dimensions, state, done: counted, total, error: toStoredError(error), created_at };
}
