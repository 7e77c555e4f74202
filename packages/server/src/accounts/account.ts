import type { Account } from '@parley/contracts';
import type { UserTable } from '../database/schema.ts';

/** The columns of a user that an account is made of. */
export const ACCOUNT_COLUMNS = ['users.id', 'users.name', 'users.role', 'users.password_hash'] as const;
export type AccountRow = Pick<UserTable, 'id' | 'name' | 'role' | 'password_hash'>;

/** What others may know of a user. */
export function toAccount({ id, name, role, password_hash: passwordHash }: AccountRow): Account {
  return { id, name, role, has_password: passwordHash !== null };
}
