import type { FastifyBaseLogger } from 'fastify';

/** What ingestion says to the log. */
export type IngestionLogger = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
