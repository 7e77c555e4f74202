import type { Source } from '@parley/contracts';
import type { Messages } from './messages.ts';

/** Ends a streamed answer. Only what it cites is shown; a retrieved passage that it does not use is no source of it. */
export function printSources({ answer, sources }: { answer: string; sources: readonly Source[] }, say: Messages): void {
  process.stdout.write('\n');
  const cited = sources.filter(({ index }) => answer.includes(`[${index}]`));
  if (cited.length === 0) return;
  console.log(`\n${say.sources}`);
  for (const source of cited) console.log(`  [${source.index}] ${nameOf(source)} (${placeOf(source, say)})`);
}

function nameOf({ title, heading_path: headings }: Source): string {
  return [title, ...headings.filter((heading) => heading !== title)].join(' › ');
}

function placeOf({ document_id: id, page, start, end }: Source, say: Messages): string {
  return [id, ...(page === null ? [] : [say.page(page)]), `${start}–${end}`].join(', ');
}
