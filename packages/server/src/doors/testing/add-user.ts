import { hashToken } from '../../accounts/credentials.ts';
import { toNameKey } from '../../accounts/users.repository.ts';
import { openDatabase } from '../../database/open-database.ts';

/** A further account, put into the database beside a test's server; answers its token. */
export async function addUser(home: string, name: string): Promise<string> {
  const token = `parley_of-${name}`;
  const db = await openDatabase({ home, now: () => 1 });
  const user = { id: name, name, name_key: toNameKey(name), role: 'member' as const, password_hash: null };
  await db
    .insertInto('users')
    .values({ ...user, created_at: 1 })
    .execute();
  const row = { id: name, user_id: name, name: 'x', token_hash: hashToken(token), created_at: 1, last_used_at: null };
  await db.insertInto('tokens').values(row).execute();
  await db.destroy();
  return token;
}
