import type { Kysely } from 'kysely';
import type { DocumentReader } from '@parley/rag';
import type { FetchPage } from '@parley/rag/crawling';
import type { Database } from '../../database/schema.ts';
import type { PassageEmbedder } from '../embedding/passage-embedder.ts';
import type { FileStore } from '../files/file-store.ts';
import type { IndexFollower } from '../follow/index-follower.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { CrawlSite } from './crawl-port.ts';

/** What the stages of all jobs work with. */
export interface WorkParts {
  db: Kysely<Database>;
  files: FileStore;
  reader: DocumentReader;
  queue: JobQueue;
  embedder: PassageEmbedder;
  follower: IndexFollower;
  fetchPage: FetchPage;
  crawlSite: CrawlSite;
  now: () => number;
  newId: () => string;
  /** Says that a job was added. */
  wake: () => void;
  /** Stops the work under leases that were taken away. */
  stop: (leases: readonly string[]) => void;
}
