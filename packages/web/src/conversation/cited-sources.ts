import type { Message, Source } from '@parley/contracts';

/** The sources that an answer's text cites; those it was given but did not use are not shown as its grounds. */
export function citedSources(message: Message): Source[] {
  const marks = message.content.matchAll(/[[【](\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)[\]】]/g);
  const cited = new Set([...marks].flatMap((mark) => (mark[1] ?? '').split(/\s*[,，、]\s*/).map(Number)));
  return message.sources.filter((source) => cited.has(source.index));
}
