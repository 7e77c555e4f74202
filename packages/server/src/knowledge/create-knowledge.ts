import { randomUUIDv7 } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { BaseAlarm } from '@parley/contracts';
import type { DocumentReader } from '@parley/rag/parsing';
import { ConversationsRepository } from '../conversations/conversations.repository.ts';
import type { Database } from '../database/schema.ts';
import { BaseDocumentsRepository } from '../documents/base-documents.repository.ts';
import { BaseDocumentsService } from '../documents/base-documents.service.ts';
import { DocumentContentsRepository } from '../documents/document-contents.repository.ts';
import { DocumentReadingService } from '../documents/document-reading.service.ts';
import type { Ingestion } from '../ingestion/ingestion.ts';
import { BaseAccess } from './base-access.ts';
import { BasesRepository } from './bases.repository.ts';
import { BasesService } from './bases.service.ts';
import { ConversationFilesService } from './conversation-files.service.ts';
import type { DocumentChanges } from './document-changes.ts';
import { JudgementsRepository } from './judgements.repository.ts';
import { JudgementsService } from './judgements.service.ts';
import { PreviewService } from './preview.service.ts';
import { SearchesRepository } from './searches.repository.ts';
import { SearchesService } from './searches.service.ts';
import { SharesRepository } from './shares.repository.ts';
import { SharingService } from './sharing.service.ts';

export interface KnowledgeOptions {
  db: Kysely<Database>;
  ingestion: Ingestion;
  /** What the ingestion announces; followed by those who look at a base. */
  changes: DocumentChanges;
  /** For previews; the caller closes it. */
  reader: Pick<DocumentReader, 'read'>;
  /** What makes answers from a base worse than they look, now. */
  alarmsOf: (baseId: string) => BaseAlarm[];
  /** A folder of its own for files that are only looked at; it is emptied with the first of them. */
  previewFolder: string;
  /** Embeds the files that are dropped into conversations; null, the default: they are searched by words alone. */
  conversationModel?: string | null;
  /** Whether bases may keep their vectors in a Chroma server; not unless told. */
  hasChroma?: boolean;
  /** Throws `model_not_found` for a model that this user may not use; all may use all when left out. */
  requireModel?: (userId: string, model: string) => Promise<void>;
  now?: () => number;
  newId?: () => string;
}

/** Knowledge bases, as the routes, the chat and the searches ask for them. */
export interface Knowledge {
  access: BaseAccess;
  bases: BasesService;
  sharing: SharingService;
  files: ConversationFilesService;
  documents: BaseDocumentsService;
  reading: DocumentReadingService;
  previews: PreviewService;
  searches: SearchesService;
  judgements: JudgementsService;
  changes: DocumentChanges;
}

/** Puts the parts of knowledge bases together; nothing is started and nothing needs an end. */
export function createKnowledge(options: KnowledgeOptions): Knowledge {
  const { db, ingestion, changes, reader, previewFolder, alarmsOf } = options;
  const {
    conversationModel = null,
    hasChroma = false,
    requireModel = async () => {},
    now = Date.now,
    newId = randomUUIDv7,
  } = options;
  const shared = { access: new BaseAccess(db), ingestion, now, newId };
  const repository = new BasesRepository(db);
  const contents = new DocumentContentsRepository(db);
  const bases = new BasesService({ ...shared, bases: repository, hasChroma, requireModel, alarmsOf });
  const conversations = new ConversationsRepository(db);
  return {
    access: shared.access,
    bases,
    sharing: new SharingService({ ...shared, shares: new SharesRepository(db) }),
    files: new ConversationFilesService({ ...shared, conversations, repository, bases, model: conversationModel }),
    documents: new BaseDocumentsService({ ...shared, documents: new BaseDocumentsRepository(db), contents }),
    reading: new DocumentReadingService({ ...shared, contents }),
    previews: new PreviewService({ reader, folder: previewFolder, newId }),
    searches: new SearchesService({ ...shared, searches: new SearchesRepository(db) }),
    judgements: new JudgementsService({ ...shared, judgements: new JudgementsRepository(db) }),
    changes,
  };
}
