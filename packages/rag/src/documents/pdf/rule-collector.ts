import type { Box, Rule } from './page-content.ts';

/** Points: the side of a box is a rule if it is as high as a line of text; wider boxes than a thin line need a neighbour. */
const MIN_HEIGHT = 6;
const THIN = 2.5;
/** Sides of boxes on one upright line, at least: those of a table stand below each other, those of a highlighted word do not. */
const MIN_ALIGNED = 3;
const MAX_RULES = 5_000;

/** Gathers the lines that are drawn between the cells of tables. */
export class RuleCollector {
  readonly #lines: Rule[] = [];
  readonly #sides = new Map<number, Rule[]>();
  #count = 0;

  add({ left, top, right, bottom }: Box): void {
    if (bottom - top < MIN_HEIGHT || this.#count > MAX_RULES) return;
    this.#count += 1;
    if (right - left < THIN) this.#lines.push({ x: (left + right) / 2, top, bottom });
    else for (const x of [left, right]) this.#addSide({ x, top, bottom });
  }

  end(): Rule[] {
    const aligned = [...this.#sides.values()].filter(
      (sides) => new Set(sides.map(({ top }) => Math.round(top))).size >= MIN_ALIGNED,
    );
    return [...this.#lines, ...aligned.flat()];
  }

  #addSide(rule: Rule): void {
    const place = Math.round(rule.x);
    const sides = this.#sides.get(place);
    if (sides) sides.push(rule);
    else this.#sides.set(place, [rule]);
  }
}
