import { readZipDirectory } from './zip-directory.ts';

/** Directories with more are no document; whether they are too long for an archive is asked elsewhere. */
const MAX_ENTRIES = 200_000;

/** Which document a zip is, by its parts; null for any other zip, and for one that is damaged. */
export function zipKind(bytes: Uint8Array): 'docx' | 'pptx' | 'xlsx' | 'epub' | 'odt' | null {
  const names = namesIn(bytes);
  const isOffice = names.has('[content_types].xml');
  if (isOffice && has(names, /^word\/document\d*\.xml$/)) return 'docx';
  if (isOffice && names.has('ppt/presentation.xml')) return 'pptx';
  if (isOffice && has(names, /^xl\/workbook\.(?:xml|bin)$/)) return 'xlsx';
  if (names.has('meta-inf/container.xml') && has(names, /\.opf$/)) return 'epub';
  return names.has('mimetype') && names.has('content.xml') && names.has('meta-inf/manifest.xml') ? 'odt' : null;
}

function namesIn(bytes: Uint8Array): Set<string> {
  try {
    const entries = readZipDirectory(bytes, { maxEntries: MAX_ENTRIES });
    return new Set(entries.map(({ name }) => name.replaceAll('\\', '/').toLowerCase()));
  } catch {
    return new Set();
  }
}

function has(names: ReadonlySet<string>, pattern: RegExp): boolean {
  return names.values().some((name) => pattern.test(name));
}
