import type { DocumentInterface } from '@langchain/core/documents';
import { documentFlagSchema } from '@parley/contracts';
import { detectLanguage, type Language } from '@parley/text';
import { z } from 'zod';
import { toPromptPassage, toPromptText, type PromptPassage } from '../chains/prompt-passages.ts';

const headingsSchema = z.array(z.string()).nullish().catch(null);
/** What splitters and retrievers of this room say of a passage; documents of others may say nothing of it. */
const metadataSchema = z.looseObject({
  title: z.string().nullish().catch(null),
  headingPath: headingsSchema,
  heading_path: headingsSchema,
  flags: z.array(documentFlagSchema).catch([]),
});

/**
 * Retrieved documents as a prompt's `passages`: numbered from 1 in their order, fenced, without the
 * orders to models that stand in them. Their language unless one is named is the first one's.
 */
export function formatPassages(documents: readonly DocumentInterface[], language?: Language): string {
  const spoken = language ?? detectLanguage(documents[0]?.pageContent ?? '');
  return toPromptText(documents.map(toPassage), spoken);
}

function toPassage({ pageContent, metadata }: DocumentInterface, place: number): PromptPassage {
  const { title, headingPath, heading_path: snake, flags } = metadataSchema.parse(metadata);
  const headings = headingPath ?? snake ?? [];
  return toPromptPassage({
    index: place + 1,
    document_id: '',
    version_id: null,
    base_id: null,
    title: title ?? '',
    heading_path: headings,
    page: null,
    start: 0,
    end: pageContent.length,
    quote: pageContent,
    hash: null,
    flags,
    score: 0,
  });
}
