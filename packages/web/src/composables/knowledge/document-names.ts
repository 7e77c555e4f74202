import type { BaseDocument } from '@parley/contracts';

/** What a document is called, and its file or address where that says more. */
export function documentNames({ name, title }: Pick<BaseDocument, 'name' | 'title'>): { main: string; more: string } {
  const stem = name.replace(/\.[a-z0-9]{1,8}$/i, '');
  const isSame = title === '' || title === name || title === stem || title === stem.split(/ › |\//).at(-1);
  return isSame ? { main: name, more: '' } : { main: title, more: name };
}
