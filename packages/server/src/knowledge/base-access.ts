import type { Kysely } from 'kysely';
import { ParleyError, type BaseRole } from '@parley/contracts';
import type { ChunkTable, Database, DocumentTable, KnowledgeBaseTable } from '../database/schema.ts';

/** A base as one user finds it. */
export interface AccessibleBase extends KnowledgeBaseTable {
  owner_name: string;
  role: BaseRole;
}

export interface AccessibleDocument {
  document: DocumentTable;
  base: AccessibleBase;
}

export interface AccessibleChunk {
  chunk: ChunkTable;
  base: AccessibleBase;
}

const RANKS: Record<BaseRole, number> = { reader: 0, editor: 1, owner: 2 };

/**
 * Who may do what: the one place that decides it. A base belongs to its owner, is read or edited by
 * those it is shared with, and is read by everybody when it is public; the files of a conversation
 * are its owner's alone. What somebody may not see is 404, what they may see but not do is 403.
 */
export class BaseAccess {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Null when there is no such base for this user. */
  async find(userId: string, baseId: string): Promise<AccessibleBase | null> {
    const row = await this.#visibleTo(userId).where('base.id', '=', baseId).executeTakeFirst();
    return row === undefined ? null : toAccessibleBase(row, userId);
  }

  /** One's own, those shared with one, and the public ones; the files of conversations are not listed. */
  async list(userId: string): Promise<AccessibleBase[]> {
    const rows = await this.#visibleTo(userId).where('base.kind', '=', 'base').execute();
    return rows.map((row) => toAccessibleBase(row, userId));
  }

  /** Throws `knowledge_base_not_found`, or `not_allowed` when `role` asks for more than the user has. */
  async requireBase(userId: string, baseId: string, role: BaseRole): Promise<AccessibleBase> {
    const base = await this.find(userId, baseId);
    if (base === null) throw baseNotFound();
    requireRole(base, role);
    return base;
  }

  /** Throws `document_not_found`, or `not_allowed`. */
  async requireDocument(userId: string, documentId: string, role: BaseRole): Promise<AccessibleDocument> {
    const document = await this.#db.selectFrom('documents').selectAll().where('id', '=', documentId).executeTakeFirst();
    const base = document === undefined ? null : await this.find(userId, document.base_id);
    if (document === undefined || base === null) throw documentNotFound();
    requireRole(base, role);
    return { document, base };
  }

  /** Throws `chunk_not_found`, or `not_allowed`. */
  async requireChunk(userId: string, chunkId: string, role: BaseRole): Promise<AccessibleChunk> {
    const chunk = await this.#db.selectFrom('chunks').selectAll().where('id', '=', chunkId).executeTakeFirst();
    const base = chunk === undefined ? null : await this.find(userId, chunk.base_id);
    if (chunk === undefined || base === null) throw new ParleyError('chunk_not_found', 'There is no such passage.');
    requireRole(base, role);
    return { chunk, base };
  }

  /** All of these bases, each once, in the order of the ids. Throws `knowledge_base_not_found` when one is not there for this user. */
  async readableBases(userId: string, ids: readonly string[]): Promise<AccessibleBase[]> {
    const found = await this.#findMany(userId, ids);
    return [...new Set(ids)].map((id) => {
      const base = found.get(id);
      if (base === undefined) throw baseNotFound();
      return base;
    });
  }

  /** The ids themselves, or `knowledge_base_not_found`. */
  async require(userId: string, ids: readonly string[]): Promise<string[]> {
    const bases = await this.readableBases(userId, ids);
    return bases.map(({ id }) => id);
  }

  /** Those of the ids that this user may read, each once. */
  async filter(userId: string, ids: readonly string[]): Promise<string[]> {
    const found = await this.#findMany(userId, ids);
    return [...new Set(ids)].filter((id) => found.has(id));
  }

  async #findMany(userId: string, ids: readonly string[]): Promise<Map<string, AccessibleBase>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#visibleTo(userId)
      .where('base.id', 'in', [...new Set(ids)])
      .execute();
    return new Map(rows.map((row) => [row.id, toAccessibleBase(row, userId)]));
  }

  #visibleTo(userId: string) {
    return this.#db
      .selectFrom('knowledge_bases as base')
      .innerJoin('users as owner', 'owner.id', 'base.owner_id')
      .leftJoin('knowledge_base_shares as share', (join) =>
        join.onRef('share.base_id', '=', 'base.id').on('share.user_id', '=', userId),
      )
      .selectAll('base')
      .select(['owner.name as owner_name', 'share.role as share_role'])
      .where((row) =>
        row.or([
          row('base.owner_id', '=', userId),
          row.and([
            row('base.kind', '=', 'base'),
            row.or([row('share.role', 'is not', null), row('base.visibility', '=', 'public')]),
          ]),
        ]),
      );
  }
}

/** Said of what does not exist and of what is hidden alike. */
export function baseNotFound(): ParleyError {
  return new ParleyError('knowledge_base_not_found', 'There is no such knowledge base.');
}

/** Said of what does not exist and of what is hidden alike. */
export function documentNotFound(): ParleyError {
  return new ParleyError('document_not_found', 'There is no such document.');
}

function requireRole(base: AccessibleBase, role: BaseRole): void {
  if (RANKS[base.role] >= RANKS[role]) return;
  const sentence =
    role === 'owner'
      ? 'Only the owner of this knowledge base may do this.'
      : 'This knowledge base is shared with you for reading only.';
  throw new ParleyError('not_allowed', sentence);
}

function toAccessibleBase(
  { share_role, ...row }: KnowledgeBaseTable & { owner_name: string; share_role: 'reader' | 'editor' | null },
  userId: string,
): AccessibleBase {
  return { ...row, role: row.owner_id === userId ? 'owner' : (share_role ?? 'reader') };
}
