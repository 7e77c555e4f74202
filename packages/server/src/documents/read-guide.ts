import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuidePage } from '@parley/rag';

/** The pages of the user guide: `<root>/<language>/<page>.md`. Empty when there is no such folder. */
export async function readGuide(root: string | null): Promise<GuidePage[]> {
  if (root === null) return [];
  const languages = await foldersOf(root);
  const pages = await Promise.all(languages.map((language) => readPages(root, language)));
  return pages.flat();
}

async function readPages(root: string, language: string): Promise<GuidePage[]> {
  const names = await readdir(join(root, language));
  const files = names.filter((name) => name.endsWith('.md')).toSorted();
  return Promise.all(
    files.map(async (name) => ({
      id: `guide-${language}-${name.slice(0, -'.md'.length)}`,
      path: `${language}/${name}`,
      language,
      text: await readFile(join(root, language, name), 'utf8'),
    })),
  );
}

async function foldersOf(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
