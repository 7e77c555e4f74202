/** The six numbers of a PDF transformation. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Point {
  x: number;
  y: number;
}

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** `inner` first, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + e,
    b * inner[4] + d * inner[5] + f,
  ];
}

export function apply([a, b, c, d, e, f]: Matrix, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** The numbers of a matrix as pdf.js sends them: a list, or a list-like object. Unreadable ones change nothing. */
export function toMatrix(numbers: unknown): Matrix {
  const list = Array.from({ ...(numbers as ArrayLike<number>), length: 6 }, Number);
  return list.every(Number.isFinite) ? (list as unknown as Matrix) : IDENTITY;
}
