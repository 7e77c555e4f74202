import type { Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { lacksVectors } from '../embedding/vector-rows.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { orAborted } from '../or-aborted.ts';
import { noteChange } from '../rows/document-rows.ts';
import { dropSpaces } from '../rows/drop-space.ts';
import { findSpace, type SpaceRow } from '../rows/space-rows.ts';
import type { WorkParts } from './work-parts.ts';

const NOTHING = async () => {};

/**
 * Gives every searched passage its vector in a space, also those that come meanwhile; then the space
 * takes the place of the active one. One that is active already, gone back to, is only made whole.
 */
export async function fillSpace(ticket: JobTicket, parts: WorkParts): Promise<void> {
  const { baseId, payload } = ticket.job;
  const { spaceId } = payload;
  while (true) {
    ticket.signal.throwIfAborted();
    const space = await findSpace(parts.db, spaceId ?? '');
    if (space === null || space.state === 'retired' || space.state === 'failed')
      return ticket.write((trx) => ticket.finish(trx));
    await parts.embedder.fill(ticket, { space, versionId: null }, NOTHING);
    // Searched from the moment on at which it is active: what is to be found must be there before.
    await orAborted(parts.follower.fillSpace(baseId, space.id), ticket.signal);
    if (space.state === 'filling') await dropSpaces(parts.db, baseId, ['retired']);
    if (await ticket.write((trx) => activate(trx, ticket, space))) break;
  }
  parts.follower.poke();
}

/** False when a passage came meanwhile. */
async function activate(trx: Transaction<Database>, ticket: JobTicket, space: SpaceRow): Promise<boolean> {
  if (await lacksVectors(trx, { space, versionId: null })) return false;
  if (space.state === 'filling') {
    // The one before is kept for going back. It has to leave first: only one may be active.
    await trx
      .updateTable('embedding_spaces')
      .set({ state: 'retired' })
      .where('base_id', '=', space.base_id)
      .where('state', '=', 'active')
      .execute();
    await trx
      .updateTable('embedding_spaces')
      .set({ state: 'active', error: null })
      .where('id', '=', space.id)
      .execute();
  }
  await noteChange(trx, { baseId: space.base_id, spaceId: space.id });
  await ticket.finish(trx);
  return true;
}
