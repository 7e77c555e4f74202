import type { NamedMigration } from '../migrate.ts';
import { firstTables } from './0001-first-tables.ts';
import { knowledgeBases } from './0002-knowledge-bases.ts';
import { vectorStores } from './0003-vector-stores.ts';
import { models } from './0004-models.ts';

/** Every step of the schema, oldest first. A step that was released is never changed. */
export const migrations: readonly NamedMigration[] = [firstTables, knowledgeBases, vectorStores, models];
