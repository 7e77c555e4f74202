import { randomUUID } from 'node:crypto';

/** A rendered prompt in its order: what the template wrote, in which control tokens count, and what people wrote. */
export interface PromptPiece {
  from: 'template' | 'people';
  text: string;
}

/** Marks that stand for texts while a template works, and that nobody can guess. */
export class TextMarks {
  readonly #mark = `x${randomUUID().replaceAll('-', '')}x`;
  readonly #hidden: { text: string; kind: 'text' | 'json' }[] = [];

  /** A mark for the text; one of the kind `json` is escaped where the template wrote it between quotes. */
  hide(text: string, kind: 'text' | 'json'): string {
    return `${this.#mark}${this.#hidden.push({ text, kind }) - 1}x`;
  }

  /** What a template made of the marks and its own words. */
  split(rendered: string): PromptPiece[] {
    const parts = rendered.split(new RegExp(`${this.#mark}(\\d+)x`));
    return parts
      .map((part, place): PromptPiece => {
        if (place % 2 === 0) return { from: 'template', text: part };
        const isQuoted = parts[place - 1]?.endsWith('"') === true && parts[place + 1]?.startsWith('"') === true;
        return { from: 'people', text: this.#textOf(Number(part), isQuoted) };
      })
      .filter(({ text }) => text !== '');
  }

  #textOf(place: number, isQuoted: boolean): string {
    const { text = '', kind } = this.#hidden[place] ?? {};
    return kind === 'json' && isQuoted ? JSON.stringify(text).slice(1, -1) : text;
  }
}

/** A value with all texts in it changed, however deep; the names of fields, too. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), mapTexts(item, change)]));
}
