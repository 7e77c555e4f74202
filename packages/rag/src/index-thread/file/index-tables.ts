/** Raised with every change of the tables or of what stands in them; an older file is begun anew. */
export const TABLES_VERSION = 3;

/**
 * Words: a base's passages lie in segments, each an index of its own that is never changed once it
 * is `sealed`. What was written last is in its `open` segment: a row of `pending` per document, which
 * the thread keeps as postings in memory too. A passage is live while its document's number is in
 * `documents`; numbers are never used again.
 *
 * `segments.state`: `building` (not to be seen yet) -> `open` -> `sealing` -> `sealed` -> `dropped`.
 * `segments.cells`: four Int32 per passage: document, terms in text, title, headings.
 *
 * `segments.bits`, `postings`: see posting-buckets.ts.
 *
 * Vectors: `vectors.number` is `space` * 2^32 and the vector's place in it, so that a space is read in
 * one go. What has lost its `id`, a base or a space, is gone; its rows follow bit by bit.
 */
export const INDEX_TABLES = `
  create table meta (key text primary key, value integer not null) without rowid;
  insert into meta values ('position', 0), ('last_document', 0);
  create table bases (number integer primary key autoincrement, id text unique);
  create table documents (number integer primary key, base integer not null, id text not null, unique (base, id));
  create table segments (
    number integer primary key autoincrement,
    base integer not null,
    rank integer not null,
    state text not null,
    cells blob,
    bits integer
  );
  create index segments_by_base on segments (base, rank);
  create index segments_by_state on segments (state);
  create table passage_ids (segment integer, page integer, ids text not null, primary key (segment, page)) without rowid;
  create table postings (number integer primary key, data blob not null);
  create table pending (
    number integer primary key,
    segment integer not null,
    document integer not null,
    ids text not null,
    terms text not null
  );
  create index pending_by_segment on pending (segment);
  create table spaces (
    number integer primary key autoincrement,
    id text unique,
    base_id text not null,
    dimensions integer not null
  );
  create table vectors (
    number integer primary key,
    space integer not null,
    chunk_id text not null,
    document_id text not null,
    vector blob not null,
    unique (space, chunk_id)
  );
  create index vectors_by_document on vectors (space, document_id);
`;
