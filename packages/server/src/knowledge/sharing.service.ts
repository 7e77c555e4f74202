import { ParleyError, type Sharing } from '@parley/contracts';
import type { BaseAccess } from './base-access.ts';
import type { SharesRepository } from './shares.repository.ts';

export interface SharingServiceOptions {
  access: Pick<BaseAccess, 'requireBase'>;
  shares: SharesRepository;
  now: () => number;
}

/** With whom a base is shared; its owner's matter alone. */
export class SharingService {
  readonly #options: SharingServiceOptions;

  constructor(options: SharingServiceOptions) {
    this.#options = options;
  }

  async read(userId: string, baseId: string): Promise<Sharing> {
    const { visibility } = await this.#options.access.requireBase(userId, baseId, 'owner');
    return { visibility, users: await this.#options.shares.list(baseId) };
  }

  async replace(userId: string, baseId: string, { visibility, users }: Sharing): Promise<Sharing> {
    const { access, shares, now } = this.#options;
    const base = await access.requireBase(userId, baseId, 'owner');
    if (base.kind === 'conversation') {
      throw new ParleyError('not_allowed', 'The files of a conversation cannot be shared.');
    }
    const ids = await shares.userIds(users.map(({ name }) => name));
    const rows = users.map(({ name, role }, index) => {
      const id = ids[index] ?? null;
      if (id === null) throw wrongUser(index, `there is no account with the name "${name}"`);
      if (id === base.owner_id) throw wrongUser(index, 'the owner has every right already');
      if (ids.indexOf(id) !== index) throw wrongUser(index, `"${name}" is named twice`);
      return { user_id: id, role };
    });
    await shares.replace(baseId, rows, { visibility, updated_at: now() });
    return this.read(userId, baseId);
  }
}

function wrongUser(index: number, reason: string): ParleyError {
  const param = `users.${index}.name`;
  return new ParleyError('invalid_request', `${param}: ${reason}.`, { param });
}
