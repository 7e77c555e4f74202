import type { NamedFile } from '../../stores/uploads.ts';

/** Between folders and file in a document's name. */
const BETWEEN = ' › ';
/** The route takes no longer ones. */
const LONGEST_NAME = 500;
/** Files that computers put into folders and nobody means. */
const UNMEANT = /(?:^| › )(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i;

/** The files that were dropped, those in folders with them in their names. Must be called while the drop is handled. */
export async function readDroppedFiles(data: DataTransfer): Promise<NamedFile[]> {
  // The list is emptied when the event ends: both are read before the first wait.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files];
  const isKnown = entries.some((entry) => entry !== null);
  const found = isKnown ? (await Promise.all(entries.map((entry) => readEntry(entry)))).flat() : plain.map(toNamed);
  return found.filter(({ name }) => !UNMEANT.test(name));
}

/** The files of a file field; of a folder's, with the folders in their names. */
export function readChosenFiles(field: HTMLInputElement): NamedFile[] {
  const files = [...(field.files ?? [])].map(toNamed).filter(({ name }) => !UNMEANT.test(name));
  // Emptied so that the same file can be chosen again.
  field.value = '';
  return files;
}

function toNamed(file: File): NamedFile {
  return { file, name: toName(file.webkitRelativePath || file.name) };
}

/**
 * A name that says in which folder the file lay. Not with slashes: a server takes what stands before
 * them for a path and drops it, and two files of one name would become versions of one document.
 */
function toName(path: string): string {
  const parts = path.split('/').filter(Boolean);
  while (parts.length > 1 && parts.join(BETWEEN).length > LONGEST_NAME) parts.shift();
  return parts.join(BETWEEN);
}

async function readEntry(entry: FileSystemEntry | null): Promise<NamedFile[]> {
  if (entry?.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, name: toName(entry.fullPath) }];
  }
  if (!entry?.isDirectory) return [];
  const found: NamedFile[] = [];
  for await (const children of readFolder(entry as FileSystemDirectoryEntry)) {
    found.push(...(await Promise.all(children.map(readEntry))).flat());
  }
  return found;
}

/** A folder answers at most a hundred entries at a time, and none at its end. */
async function* readFolder(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry[]> {
  const reader = folder.createReader();
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (children.length === 0) return;
    yield children;
  }
}
