import { expect, it } from 'vitest';
import { readDroppedFiles } from './read-dropped-files.ts';

const FEW = 2;

/** FAKE entry of a dropped folder, which hands its children out a few at a time, as browsers do. */
function folder(path: string, children: FileSystemEntry[]): FileSystemEntry {
  const left = [...children];
  const createReader = () => ({
    readEntries: (found: (some: FileSystemEntry[]) => void) => found(left.splice(0, FEW)),
  });
  return { isFile: false, isDirectory: true, fullPath: path, createReader } as unknown as FileSystemEntry;
}

function file(path: string): FileSystemEntry {
  const content = new File(['x'], path.split('/').at(-1) ?? '');
  const read = (found: (one: File) => void) => found(content);
  return { isFile: true, isDirectory: false, fullPath: path, file: read } as unknown as FileSystemEntry;
}

const drop = (...entries: FileSystemEntry[]) =>
  ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] }) as unknown as DataTransfer;

it('reads folders to their ground, and says in the name where each file lay', async () => {
  const tree = folder('/handbook', [
    file('/handbook/a.md'),
    file('/handbook/b.md'),
    file('/handbook/c.md'),
    folder('/handbook/old', [file('/handbook/old/a.md')]),
  ]);
  const found = await readDroppedFiles(drop(tree, file('/single.pdf')));
  expect(found.map(({ name }) => name)).toEqual([
    'handbook › a.md',
    'handbook › b.md',
    'handbook › c.md',
    'handbook › old › a.md',
    'single.pdf',
  ]);
});

it('leaves out the files that computers put into folders', async () => {
  const tree = folder('/x', [file('/x/.DS_Store'), file('/x/Thumbs.db'), file('/x/._a.md'), file('/x/a.md')]);
  expect((await readDroppedFiles(drop(tree))).map(({ name }) => name)).toEqual(['x › a.md']);
});

it('takes the plain files where a browser has no folders', async () => {
  const data = { items: [{}], files: [new File(['x'], 'a.md')] } as unknown as DataTransfer;
  expect((await readDroppedFiles(data)).map(({ name }) => name)).toEqual(['a.md']);
});

it('leaves out the outer folders of a name that would be too long', async () => {
  const long = `/${'outer'.repeat(60)}/${'inner'.repeat(60)}/a.md`;
  expect((await readDroppedFiles(drop(file(long)))).map(({ name }) => name)).toEqual([`${'inner'.repeat(60)} › a.md`]);
});
