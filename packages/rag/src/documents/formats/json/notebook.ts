import type { DocumentDraft } from '../assemble-document.ts';
import { fenced } from '../text/source-code.ts';
import { isObject } from './json-lines-of.ts';

interface Notebook extends Record<string, unknown> {
  cells: readonly unknown[];
}

/** Whether a JSON value is a Jupyter notebook. */
export function isNotebook(value: unknown): value is Notebook {
  return isObject(value) && typeof value['nbformat'] === 'number' && Array.isArray(value['cells']);
}

/** A notebook's text and code; what its cells printed is left out. */
export function notebookText(notebook: Notebook): DocumentDraft {
  const language = languageIn(notebook['metadata']);
  const cells = notebook.cells.filter(isObject).map((cell) => cellText(cell, language));
  const text = cells.filter((cell) => cell !== '').join('\n\n');
  return { mediaType: 'application/x-ipynb+json', title: null, parts: [text] };
}

function cellText({ cell_type: type, source }: Record<string, unknown>, language: string): string {
  const text = (Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '').trim();
  return type === 'code' && text !== '' ? fenced(text, language) : text;
}

function languageIn(metadata: unknown): string {
  const info = isObject(metadata) ? metadata['language_info'] : null;
  const name = isObject(info) ? info['name'] : null;
  return typeof name === 'string' && /^[\w+#-]{1,20}$/.test(name) ? name : 'python';
}
