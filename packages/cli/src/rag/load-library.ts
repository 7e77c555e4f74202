import { ParleyError } from '@parley/contracts';
import { createDocumentReader } from '@parley/rag/parsing';
import { CommandError, type CommandContext } from '../command-context.ts';
import { cutByCharacters, type CharacterSplit } from './cut-by-characters.ts';
import { loadSource } from './load-source.ts';
import type { LoadedSource } from './loaded-source.ts';

export interface LibraryOptions {
  select: readonly string[];
  allowPrivate: boolean;
  /** Null: by headings and sentences. */
  split: CharacterSplit | null;
}

/** Reads all sources, each once, in processes of their own, which have ended when this is done. */
export async function loadLibrary(
  { say }: CommandContext,
  { sources, ...options }: LibraryOptions & { sources: readonly string[] },
  signal: AbortSignal,
): Promise<LoadedSource[]> {
  const reader = createDocumentReader();
  const onSkipped = (name: string, { code, message }: ParleyError) =>
    console.error(say.rag.skipped(name, say.failure(code, message)));
  const explain = (error: unknown): never => {
    if (!(error instanceof ParleyError) || error.code !== 'url_private') throw error;
    throw new CommandError(`${say.failure(error.code, error.message)} ${say.rag.allowPrivate}`, { cause: error });
  };
  const loaded = new Map<string, LoadedSource>();
  try {
    for (const source of sources) {
      const documents = await loadSource(source, { ...options, reader, onSkipped }, signal).catch(explain);
      // Two addresses may lead to one page.
      for (const document of documents) loaded.set(document.source, document);
    }
  } finally {
    await reader.close();
  }
  const { split } = options;
  return split ? Promise.all([...loaded.values()].map((each) => cutByCharacters(each, split))) : [...loaded.values()];
}
