import type { Generated } from 'kysely';

/** The tables as SQL knows them. Times are milliseconds since 1970, JSON is text, booleans are 0 and 1. */
export interface Database {
  users: UserTable;
  sessions: SessionTable;
  tokens: TokenTable;
  conversations: ConversationTable;
  messages: MessageTable;
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
  created_at: number;
  finished_at: number | null;
}
