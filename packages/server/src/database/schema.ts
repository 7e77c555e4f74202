import type { Generated } from 'kysely';
import type { ModelConnectionTable, ModelDownloadTable, ModelTable, ModelUserTable } from './model-tables.ts';

export type * from './model-tables.ts';

/** The tables as SQL knows them. Times are milliseconds since 1970, JSON is text, booleans are 0 and 1. */
export interface Database {
  users: UserTable;
  sessions: SessionTable;
  tokens: TokenTable;
  conversations: ConversationTable;
  messages: MessageTable;
  conversation_bases: ConversationBaseTable;
  knowledge_bases: KnowledgeBaseTable;
  knowledge_base_shares: KnowledgeBaseShareTable;
  documents: DocumentTable;
  document_versions: DocumentVersionTable;
  document_texts: DocumentTextTable;
  chunks: ChunkTable;
  embedding_spaces: EmbeddingSpaceTable;
  chunk_vectors: ChunkVectorTable;
  jobs: JobTable;
  index_changes: IndexChangeTable;
  searches: SearchTable;
  judgements: JudgementTable;
  uploaded_files: UploadedFileTable;
  vector_stores: VectorStoreTable;
  vector_store_files: VectorStoreFileTable;
  vector_store_batches: VectorStoreBatchTable;
  model_connections: ModelConnectionTable;
  models: ModelTable;
  model_users: ModelUserTable;
  model_downloads: ModelDownloadTable;
}

export interface UserTable {
  id: string;
  name: string;
  /** The name folded for comparison; unique. */
  name_key: string;
  role: 'owner' | 'member';
  password_hash: string | null;
  created_at: number;
}

export interface SessionTable {
  /** SHA-256 of the cookie's value; the value itself is stored nowhere. */
  token_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
}

export interface TokenTable {
  id: string;
  user_id: string;
  name: string;
  token_hash: string;
  created_at: number;
  last_used_at: number | null;
}

export interface ConversationTable {
  id: string;
  user_id: string;
  title: string;
  /** 1 once a person named it: the first exchange names it no more. */
  is_named: number;
  created_at: number;
  updated_at: number;
}

export interface MessageTable {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  /** Place in the conversation, 1, 2, 3, … in the order of arrival. */
  sequence: number;
  role: 'user' | 'assistant';
  status: string;
  content: string;
  reasoning: string | null;
  model: string | null;
  usage: string | null;
  timings: string | null;
  sources: Generated<string>;
  error: string | null;
  finish_reason: string | null;
  /** How the passages were found, as JSON; null without retrieval. */
  trace: string | null;
  /** 1, -1, or null. */
  feedback: number | null;
  created_at: number;
  finished_at: number | null;
}

/** The bases that a conversation's questions are answered from. */
export interface ConversationBaseTable {
  conversation_id: string;
  base_id: string;
}

export interface KnowledgeBaseTable {
  id: string;
  owner_id: string;
  name: string;
  description: string;
  kind: 'base' | 'conversation';
  /** Of a base that holds the files of one conversation; unique. */
  conversation_id: string | null;
  visibility: 'private' | 'public';
  settings: string;
  created_at: number;
  updated_at: number;
}

export interface KnowledgeBaseShareTable {
  base_id: string;
  user_id: string;
  role: 'reader' | 'editor';
}

export interface DocumentTable {
  id: string;
  base_id: string;
  kind: 'file' | 'page';
  name: string;
  title: string;
  media_type: string;
  /** How a page is fetched, as JSON; null for a file. */
  source: string | null;
  size: number | null;
  state: string;
  percent: number;
  error: string | null;
  is_enabled: number;
  /** The version that is searched; null until one is ready. */
  version_id: string | null;
  created_at: number;
  updated_at: number;
}

/** One state of a document's text. Never changed once it is written; deleted with its document, or when nothing cites it. */
export interface DocumentVersionTable {
  id: string;
  document_id: string;
  number: number;
  /** SHA-256 of the file; null for a version that was edited here. */
  file_hash: string | null;
  title: string;
  language: string;
  pages: string;
  flags: string;
  /** UTF-16 units. */
  length: number;
  created_at: number;
}

/** A version's text in parts, so that a span is read without the whole. */
export interface DocumentTextTable {
  version_id: string;
  /** UTF-16 offset of the part's first unit. */
  start: number;
  text: string;
}

/** The passages of each document's searched version. */
export interface ChunkTable {
  id: string;
  base_id: string;
  document_id: string;
  version_id: string;
  ordinal: number;
  page: number | null;
  heading_path: string;
  start: number;
  end: number;
  text: string;
  /** SHA-256 of what is embedded; equal ones share the vector when a document changes. */
  hash: string;
  flags: string;
  is_enabled: number;
}

export interface EmbeddingSpaceTable {
  id: string;
  base_id: string;
  model: string;
  /** Null until the first vector came; from then on every vector of the space has so many. */
  dimensions: number | null;
  state: 'filling' | 'active' | 'retired' | 'failed';
  error: string | null;
  created_at: number;
}

export interface ChunkVectorTable {
  space_id: string;
  chunk_id: string;
  dimensions: number;
  /** Float32, little-endian, of length 1. */
  vector: Uint8Array;
}

export interface JobTable {
  id: string;
  kind: 'ingest' | 'crawl' | 'split' | 'fill-space';
  base_id: string;
  /** Null for a job of the whole base. */
  document_id: string | null;
  payload: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'set-aside';
  attempts: number;
  /** Not before this time. */
  run_at: number;
  lease_owner: string | null;
  lease_expires_at: number | null;
  error: string | null;
  created_at: number;
  updated_at: number;
}

/** What the derived indexes have to follow, in order: something of this document, of this space, or of the whole base, changed. */
export interface IndexChangeTable {
  sequence: Generated<number>;
  base_id: string;
  document_id: string | null;
  /** A space whose vectors are to be compared with the rows, or that is gone. */
  space_id: Generated<string | null>;
  /** `words`: the words follow it, its vectors do not yet. `all`: kept only as the place where the feed stands. */
  followed: Generated<'none' | 'words' | 'all'>;
}

export interface SearchTable {
  id: string;
  base_id: string;
  user_id: string;
  query: string;
  hits: number;
  total_ms: number;
  created_at: number;
}

export interface JudgementTable {
  id: string;
  base_id: string;
  query: string;
  document_id: string;
  start: number;
  end: number;
  grade: number;
  origin: 'pin' | 'feedback';
  /** The answer that was judged; null for a pin. */
  message_id: string | null;
  created_at: number;
}

/** A file that a program uploaded; it becomes a document of each vector store that it is added to. */
export interface UploadedFileTable {
  id: string;
  owner_id: string;
  /** SHA-256 of its bytes. */
  hash: string;
  name: string;
  media_type: string;
  size: number;
  purpose: string;
  created_at: number;
}

/** What a program attached to a base that it sees as a vector store. */
export interface VectorStoreTable {
  base_id: string;
  /** Names and texts, as JSON. */
  metadata: string;
}

/** What a program knows of a document beyond what everyone does. */
export interface VectorStoreFileTable {
  document_id: string;
  base_id: string;
  /** The upload that it was made of; null for other documents, and once that is deleted. */
  file_id: string | null;
  /** Names and values, as JSON. */
  attributes: string;
}

/** Files that a program added together. */
export interface VectorStoreBatchTable {
  id: string;
  base_id: string;
  /** A JSON list. */
  document_ids: string;
  created_at: number;
}
