import { ParleyError, type Account, type ModelAccess } from '@parley/contracts';
import { toNameKey } from '../../accounts/users.repository.ts';

/** Whether an account may use a model. An owner may use all. */
export function mayUse({ mode, users }: ModelAccess, account: Pick<Account, 'name' | 'role'>): boolean {
  if (mode === 'everyone' || account.role === 'owner') return true;
  return mode === 'chosen' && users.some((name) => toNameKey(name) === toNameKey(account.name));
}

/** The ids of the accounts that an access names, each once. Throws `invalid_request` for a name that nobody has. */
export async function userIdsOf(
  { mode, users }: ModelAccess,
  findIds: (names: readonly string[]) => Promise<(string | null)[]>,
): Promise<string[]> {
  if (mode !== 'chosen') return [];
  const ids = await findIds(users);
  const known = ids.map((id, index) => {
    if (id !== null) return id;
    const param = `access.users.${index}`;
    const sentence = `${param}: there is no account with the name "${users[index]}".`;
    throw new ParleyError('invalid_request', sentence, { param });
  });
  return [...new Set(known)];
}
