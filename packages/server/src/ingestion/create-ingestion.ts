import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { DocumentReader, EmbedTexts, KnowledgeIndex, VectorIndex } from '@parley/rag';
import type { FetchPage } from '@parley/rag/crawling';
import type { Database } from '../database/schema.ts';
import type { DocumentChanges } from '../knowledge/document-changes.ts';
import type { AlarmBoard } from '../retrieval/alarm-board.ts';
import { Announcer } from './announcer.ts';
import { DocumentSwitches } from './changes/document-switches.ts';
import { DocumentWork } from './changes/document-work.ts';
import { Intake } from './changes/intake.ts';
import { Removal } from './changes/removal.ts';
import { PassageEmbedder } from './embedding/passage-embedder.ts';
import { FileStore } from './files/file-store.ts';
import { IndexFollower } from './follow/index-follower.ts';
import type { Ingestion } from './ingestion.ts';
import type { IngestionLogger } from './ingestion-logger.ts';
import { defaultIngestionSettings, type IngestionSettings } from './ingestion-settings.ts';
import { Janitor } from './janitor.ts';
import { JobOutcome } from './jobs/job-outcome.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { RunningIngestion } from './running-ingestion.ts';
import { SpacesService } from './spaces.service.ts';
import type { CrawlSite } from './stages/crawl-port.ts';
import { crawlPages } from './stages/crawl-pages.ts';
import { fillSpace } from './stages/fill-space.ts';
import { ingestDocument } from './stages/ingest-document.ts';
import { splitAnew } from './stages/split-document.ts';
import type { WorkParts } from './stages/work-parts.ts';

export interface IngestionOptions {
  db: Kysely<Database>;
  /** Files lie in a folder of it. */
  home: string;
  reader: DocumentReader;
  /** Called only when there is something to follow; the caller closes what it opens. */
  index: () => Promise<KnowledgeIndex>;
  /** Null: no Chroma server is configured. */
  chroma: VectorIndex | null;
  embedder: (model: string) => EmbedTexts;
  /** The guarded fetch for addresses that a person names. */
  fetchPage: FetchPage;
  crawlSite: CrawlSite;
  changes: DocumentChanges;
  /** Where the bases' alarms are raised; shared with the searches. */
  alarms: AlarmBoard;
  now: () => number;
  newId: () => string;
  logger: IngestionLogger;
  settings?: Partial<IngestionSettings>;
  /** How a new file is opened for writing; only tests bring their own. */
  openFile?: ConstructorParameters<typeof FileStore>[0]['openFile'];
}

/** `Ingestion` with its jobs. Nothing runs before `start`; `close` gives back what runs, and closes neither database, reader nor index. */
export interface StartedIngestion extends Ingestion {
  start(): void;
  close(): Promise<void>;
}

export function createIngestion(options: IngestionOptions): StartedIngestion {
  const settings = { ...defaultIngestionSettings(availableParallelism()), ...options.settings };
  const { db, now, newId, logger, openFile, alarms } = options;
  const files = new FileStore({ folder: join(options.home, 'files'), newId, now, ...(openFile ? { openFile } : {}) });
  const queue = new JobQueue({ db, now, newId, leaseMs: settings.leaseMs });
  const follower = new IndexFollower(options);
  const announcer = new Announcer(options.changes);
  const embedder = new PassageEmbedder({ ...options, settings, onAnswer: toAlarm(alarms) });
  const announce = (baseId: string, documentId: string) => announcer.announce(baseId, documentId);
  const tools = { ...options, files, queue, follower, embedder, announce };
  const runner = createRunner(settings, tools);
  const wake = () => runner.wake();
  const stop = async (leases: readonly string[]) => {
    runner.abort(leases);
    await runner.stopped(leases);
  };
  const changing = { db, queue, now, newId, announce, wake, stop, poke: () => follower.poke() };
  return new RunningIngestion({
    files,
    follower,
    runner,
    alarms,
    announcer,
    intake: new Intake(changing),
    work: new DocumentWork(changing),
    switches: new DocumentSwitches(changing),
    removal: new Removal(changing),
    spaces: new SpacesService(changing),
    janitor: new Janitor({
      db,
      files,
      now,
      settings,
      logger,
    }),
  });
}

type Tools = Omit<WorkParts, 'wake' | 'stop'> & {
  announce: (baseId: string, documentId: string) => void;
  logger: IngestionLogger;
};

function createRunner(settings: IngestionSettings, tools: Tools): JobRunner {
  const { db, queue, now } = tools;
  const outcome = new JobOutcome({ db, queue, now, ...settings });
  const parts: WorkParts = { ...tools, wake: () => runner.wake(), stop: (leases) => runner.abort(leases) };
  const runner = new JobRunner({
    ...tools,
    settings,
    outcome,
    handlers: {
      ingest: (ticket) => ingestDocument(ticket, parts),
      split: (ticket) => splitAnew(ticket, parts),
      crawl: (ticket) => crawlPages(ticket, parts),
      'fill-space': (ticket) => fillSpace(ticket, parts),
    },
  });
  return runner;
}

/** A model that does not answer is an alarm of the base until it answers again. */
function toAlarm(alarms: AlarmBoard): ConstructorParameters<typeof PassageEmbedder>[0]['onAnswer'] {
  return (baseId, error) => {
    if (error === null) alarms.clear(baseId, 'embedding-failed');
    else alarms.raise(baseId, { kind: 'embedding-failed', message: error.message });
  };
}
