import type { AnswerEvent } from './answer-event.ts';
import { CitationFilter } from './citation-filter.ts';

/** Passes an answer on with the marks of citations checked: those that lead to none of `sources` sources are taken out. */
export async function* citeOnly(events: AsyncIterable<AnswerEvent>, sources: number): AsyncGenerator<AnswerEvent> {
  const filter = new CitationFilter(sources);
  for await (const event of events) {
    const text = event.type === 'text-delta' ? filter.push(event.text) : event.type === 'finish' ? filter.end() : '';
    if (text !== '') yield { type: 'text-delta', text };
    if (event.type !== 'text-delta') yield event;
  }
}
