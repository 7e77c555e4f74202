/** The rules of a GBNF grammar while it is written; alike rules are written once. */
export class RuleBook {
  readonly #rules = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The name of a rule with this body. */
  add(body: string): string {
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = this.reserve();
    this.define(name, body);
    this.#names.set(body, name);
    return name;
  }

  /** A name whose body comes later: for rules that name themselves. */
  reserve(): string {
    const name = `r${this.#rules.size}`;
    this.#rules.set(name, '""');
    return name;
  }

  define(name: string, body: string): void {
    this.#rules.set(name, body);
  }

  /** The whole grammar. */
  toGbnf(root: string): string {
    return [`root ::= ${root}`, ...this.#rules.entries().map(([name, body]) => `${name} ::= ${body}`)].join('\n');
  }
}

/** `text` as GBNF writes it: characters, not halves of one, of which no text could be made. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u{7F}-\u{10FFFF}]/gu, (char) => {
    return `\\U${char.codePointAt(0)?.toString(16).padStart(8, '0')}`;
  });
}

/** Space between the parts of a JSON text: none, a blank, or a line break with indentation. */
export const SPACE = '( " " | "\\n" [ \\t]{0,20} )?';
