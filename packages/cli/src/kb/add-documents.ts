import { openAsBlob } from 'node:fs';
import { ParleyError, type AddPagesRequest, type BaseDocument } from '@parley/contracts';
import type { KnowledgeClient } from '../client/knowledge-client.ts';
import type { AddedSource } from './local-files.ts';
import { untilSettled, WatchedDocuments } from './watched-documents.ts';

export interface AddOptions {
  baseId: string;
  /** How pages are fetched. */
  pages: Omit<Partial<AddPagesRequest>, 'url'>;
  waits: boolean;
  /** Hears each document that changed. */
  onChange: (document: BaseDocument) => void;
  /** Hears what was not taken, and why. */
  onRefused: (source: string, error: ParleyError) => void;
  now?: () => number;
}

/** Adds files and pages, and waits until they are read, unless told otherwise. Answers all that came of them. */
export async function addDocuments(
  client: KnowledgeClient,
  sources: readonly AddedSource[],
  { baseId, pages, waits, onChange, onRefused, now = Date.now }: AddOptions,
): Promise<BaseDocument[]> {
  const isCrawling = pages.extent !== undefined && pages.extent !== 'page';
  const watched = new WatchedDocuments({ since: now(), isCrawling, onChange });
  const ending = new AbortController();
  // Before the first file is sent, so that nothing that becomes of it is missed.
  const changes = await client.follow(baseId, ending.signal);
  try {
    for (const source of sources) {
      const added = await send(client, source, { baseId, pages }).catch((error: unknown) => {
        if (!(error instanceof ParleyError)) throw error;
        onRefused(source.kind === 'page' ? source.url : source.path, error);
        return [];
      });
      for (const document of added) watched.add(document);
    }
    if (waits) await untilSettled(watched, { changes, documents: () => client.documents(baseId) });
    return watched.list;
  } finally {
    ending.abort();
  }
}

async function send(
  client: KnowledgeClient,
  source: AddedSource,
  { baseId, pages }: Pick<AddOptions, 'baseId' | 'pages'>,
): Promise<BaseDocument[]> {
  if (source.kind === 'page') return client.addPages(baseId, { ...pages, url: source.url });
  return [await client.upload(baseId, { name: source.name, file: await openAsBlob(source.path) })];
}
