import { join } from 'node:path';
import type { ChromaSettings } from '@parley/rag/vector-stores';
import { CommandError, type CommandContext } from '../command-context.ts';

export interface StoreOptions {
  store?: string;
  chromaUrl?: string;
  collection?: string;
  embeddingModel?: string;
}

/** Where passages are kept, and under which name. */
export type StoreChoice = { collection: string } & (
  | { kind: 'memory' }
  | { kind: 'embedded'; file: string }
  | { kind: 'chroma'; chroma: ChromaSettings }
);

const DEFAULT_COLLECTION = 'rag';
/** Part of a file's name, and of a collection's in Chroma. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** What the options of a store mean together. Throws `CommandError` for what cannot be. */
export function chooseStore({ say, loaded }: CommandContext, options: StoreOptions): StoreChoice {
  const { collection = DEFAULT_COLLECTION } = options;
  if (!NAME.test(collection)) throw new CommandError(say.rag.wrongCollection(collection));
  const kind = options.store ?? impliedStore(options);
  if (options.chromaUrl !== undefined && kind !== 'chroma') throw new CommandError(say.rag.urlWithoutChroma);
  if (kind === 'embedded') return { kind, collection, file: join(loaded.home, 'collections', `${collection}.db`) };
  if (kind === 'chroma') return { kind, collection, chroma: chromaOf({ say, loaded }, options) };
  if (kind !== 'memory') throw new CommandError(say.rag.wrongStore(kind));
  if (options.collection !== undefined) throw new CommandError(say.rag.memoryKeepsNothing);
  return { kind, collection };
}

function impliedStore({ chromaUrl, collection }: StoreOptions): string {
  if (chromaUrl !== undefined) return 'chroma';
  return collection === undefined ? 'memory' : 'embedded';
}

function chromaOf({ say, loaded }: Pick<CommandContext, 'say' | 'loaded'>, options: StoreOptions): ChromaSettings {
  const { chroma_url: ownUrl, chroma_token: ownToken } = loaded.settings.server;
  const url = options.chromaUrl ?? ownUrl;
  if (url === null) throw new CommandError(say.rag.chromaUrlMissing);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new CommandError(say.rag.chromaUrlWrong(url));
  if (options.embeddingModel === undefined) throw new CommandError(say.rag.chromaNeedsModel);
  // The token of the settings is for the server of the settings.
  return { url, token: url === ownUrl ? ownToken : null };
}
