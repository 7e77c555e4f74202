import type { JobTicket } from '../jobs/job-ticket.ts';
import { dropVersion } from '../rows/drop-version.ts';
import { publishVersion, type Publication } from '../rows/publish-version.ts';
import { activeSpace } from '../rows/space-rows.ts';
import type { WorkParts } from './work-parts.ts';

type Parts = Pick<WorkParts, 'db' | 'embedder' | 'follower' | 'now' | 'queue' | 'wake'>;

/** Embeds what was written and makes it what is searched. What was written goes again when it fails. */
export async function finishVersion(publication: Omit<Publication, 'now' | 'queue'>, parts: Parts): Promise<void> {
  const { ticket, stagedId } = publication;
  try {
    // The active space may become another one while the vectors come; then those are wanted too.
    do {
      ticket.signal.throwIfAborted();
      await embedVersion(ticket, stagedId, parts);
    } while (!(await publishVersion({ ...publication, now: parts.now, queue: parts.queue })));
  } catch (error) {
    await dropVersion(parts.db, stagedId);
    throw error;
  }
  parts.follower.poke();
  parts.wake();
}

async function embedVersion(ticket: JobTicket, versionId: string, { db, embedder }: Parts): Promise<void> {
  const space = await activeSpace(db, ticket.job.baseId);
  if (space === null) return;
  const { total } = await db
    .selectFrom('chunks')
    .select((row) => row.fn.countAll().as('total'))
    .where('version_id', '=', versionId)
    .executeTakeFirstOrThrow();
  let done = 0;
  await ticket.progress('embedding', 50);
  await embedder.fill(ticket, { space, versionId }, async (count) => {
    done += count;
    await ticket.progress('embedding', 50 + (49 * done) / Number(total));
  });
}
