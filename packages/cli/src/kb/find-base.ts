import type { KnowledgeBase } from '@parley/contracts';
import { CommandError } from '../command-context.ts';
import type { KnowledgeClient } from '../client/knowledge-client.ts';
import type { Messages } from '../terminal/messages.ts';

/** The base of this id or name, in any case where that is clear. Throws `CommandError` when there is none, or are several. */
export async function findBase(
  client: Pick<KnowledgeClient, 'list'>,
  nameOrId: string,
  say: Messages,
): Promise<KnowledgeBase> {
  const { bases } = await client.list();
  const candidates = [
    bases.filter(({ id }) => id === nameOrId),
    bases.filter(({ name }) => name === nameOrId),
    bases.filter(({ name }) => name.toLowerCase() === nameOrId.toLowerCase()),
  ];
  const found = candidates.find((some) => some.length > 0) ?? [];
  const [base] = found;
  if (!base) throw new CommandError(say.kb.unknownBase(nameOrId));
  if (found.length > 1)
    throw new CommandError(
      say.kb.severalBases(
        nameOrId,
        found.map(({ id }) => id),
      ),
    );
  return base;
}
