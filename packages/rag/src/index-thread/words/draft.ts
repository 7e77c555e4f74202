import { Cells } from './cells.ts';
import { TermTable } from './term-table.ts';
import type { TokenizedPassage } from './tokenized-passage.ts';

/** Beyond this many it is full, whatever the number of passages: what is in memory stays small. */
const MAX_POSTINGS = 800_000;

/** Passages with their postings, in memory: what a base was given last, or a part of a large document. */
export class Draft {
  readonly ids: string[] = [];
  readonly cells = new Cells();
  readonly terms = new TermTable();

  isFull(mostPassages: number): boolean {
    return this.cells.count >= mostPassages || this.terms.postings >= MAX_POSTINGS;
  }

  add(document: number, { id, text, title, heading }: TokenizedPassage): void {
    const place = this.cells.count;
    this.cells.push(document, { text: text.length, title: title.length, heading: heading.length });
    this.ids.push(id);
    for (const term of text) this.terms.count(term, place, 'text');
    for (const term of title) this.terms.count(term, place, 'title');
    for (const term of heading) this.terms.count(term, place, 'heading');
  }
}
