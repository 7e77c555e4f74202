import type { NamedFile } from '../../stores/uploads.ts';

/** Files that computers put into folders and nobody means. */
const UNMEANT = /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i;

/** The files that were dropped, those in folders under their path. Must be called while the drop is handled. */
export async function readDroppedFiles(data: DataTransfer): Promise<NamedFile[]> {
  // The list is emptied when the event ends: both are read before the first wait.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files];
  const isKnown = entries.some((entry) => entry !== null);
  const found = isKnown ? (await Promise.all(entries.map((entry) => readEntry(entry)))).flat() : plain.map(toNamed);
  return found.filter(({ name }) => !UNMEANT.test(name));
}

/** The files of a file field; of a folder's, under their path. */
export function readChosenFiles(field: HTMLInputElement): NamedFile[] {
  const files = [...(field.files ?? [])].map(toNamed).filter(({ name }) => !UNMEANT.test(name));
  // Emptied so that the same file can be chosen again.
  field.value = '';
  return files;
}

function toNamed(file: File): NamedFile {
  return { file, name: file.webkitRelativePath || file.name };
}

async function readEntry(entry: FileSystemEntry | null): Promise<NamedFile[]> {
  if (entry?.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, '') }];
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
