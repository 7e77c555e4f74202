import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { MAX_FILE_BYTES } from '@parley/contracts';
import { CommandError } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';

/** What a person named to be added. */
export type AddedSource = { kind: 'page'; url: string } | { kind: 'file'; path: string; name: string };

/**
 * Tells addresses from files and checks the files before the first one is sent. Throws
 * `CommandError`: two files of one name would be two versions of one document.
 */
export function toSources(sources: readonly string[], say: Messages): AddedSource[] {
  const names = new Map<string, string>();
  return [...new Set(sources)].map((source) => {
    if (/^https?:\/\//i.test(source)) return { kind: 'page', url: source };
    checkFile(source, say);
    const name = basename(source);
    const other = names.get(name);
    if (other !== undefined) throw new CommandError(say.kb.sameName(other, source));
    names.set(name, source);
    return { kind: 'file', path: source, name };
  });
}

function checkFile(path: string, say: Messages): void {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) throw new CommandError(say.kb.fileMissing(path));
  if (entry.isDirectory()) throw new CommandError(say.kb.isFolder(path.replace(/[/\\]+$/, '')));
  if (entry.size > MAX_FILE_BYTES) throw new CommandError(say.kb.fileTooLarge(path, MAX_FILE_BYTES / 1024 ** 2));
}
