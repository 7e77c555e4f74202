import type { Source } from '@parley/contracts';
import type { Messages } from './messages.ts';

/** Ends a streamed answer. Only what it cites is shown; a retrieved passage that it does not use is no source of it. */
export function printSources({ answer, sources }: { answer: string; sources: readonly Source[] }, say: Messages): void {
  process.stdout.write('\n');
  const cited = sources.filter(({ index }) => answer.includes(`[${index}]`));
  if (cited.length === 0) return;
  console.log(`\n${say.sources}`);
  for (const { index, title, heading_path: headings, document_id: id, start, end } of cited) {
    const place = [title, ...headings.filter((heading) => heading !== title)].join(' › ');
    console.log(`  [${index}] ${place} (${id}, ${start}–${end})`);
  }
}
