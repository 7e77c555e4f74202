import { Document } from '@langchain/core/documents';
import { detectLanguage } from '@parley/text';
import type { LoadedDocument } from './loaded-document.ts';
import { findTitle } from './split-markdown.ts';

/** A Markdown or plain text as it stands; its title is its first heading, else the last part of `source`. */
export async function loadText(text: string, { source }: { source: string }): Promise<LoadedDocument> {
  const title = findTitle(text) ?? lastPartOf(source);
  return new Document({ id: source, pageContent: text, metadata: { source, title, language: detectLanguage(text) } });
}

function lastPartOf(source: string): string {
  return source.split(/[\\/]/).findLast((part) => part !== '') ?? source;
}
