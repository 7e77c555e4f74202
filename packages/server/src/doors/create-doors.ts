import type { FastifyBaseLogger } from 'fastify';
import { PassagesRepository } from '../retrieval/passages.repository.ts';
import { KnowledgeTools } from './mcp/knowledge-tools.ts';
import type { McpDoor } from './mcp/mcp.routes.ts';
import { PassageWindows } from './mcp/passage-windows.ts';
import { createVectorStores, type VectorStoreParts } from './vector-stores/create-vector-stores.ts';

/** What the routes for programs need. */
export type Doors = ReturnType<typeof createVectorStores> & { mcp: McpDoor };

/** Puts the doors for programs together: other shapes of the same bases, rights and index. Nothing is started. */
export function createDoors(parts: VectorStoreParts & { logger: Pick<FastifyBaseLogger, 'error'> }): Doors {
  const { db, knowledge, search, logger } = parts;
  const tools = {
    access: knowledge.access,
    search,
    windows: new PassageWindows(db, new PassagesRepository(db)),
    onError: (error: unknown) => logger.error({ err: error }, 'a tool failed'),
  };
  return {
    ...createVectorStores(parts),
    mcp: { callsFor: (asker) => new KnowledgeTools(tools, asker) },
  };
}
