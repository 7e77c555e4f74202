/** Weights under construction, all zero at first: `rows` rows of `columns` neighbouring values, as ggml lays a tensor out. */
export class Matrix {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;

  constructor(columns: number, rows = 1) {
    this.columns = columns;
    this.rows = rows;
    this.values = new Float32Array(columns * rows);
  }

  set(row: number, column: number, value: number): void {
    if (row >= this.rows || column >= this.columns) throw new RangeError(`No place ${row}, ${column} in this matrix.`);
    this.values[row * this.columns + column] = value;
  }

  /** Writes neighbouring values of one row, the first at `column`. */
  setRow(row: number, column: number, values: readonly number[]): void {
    values.forEach((value, index) => this.set(row, column + index, value));
  }

  row(row: number): Float32Array {
    return this.values.subarray(row * this.columns, (row + 1) * this.columns);
  }
}

/** A row of equal values, as the scales of a normalisation are. */
export function filledRow(columns: number, value: number): Matrix {
  const row = new Matrix(columns);
  row.values.fill(value);
  return row;
}

/** A row of the given values, such as a bias. */
export function rowOf(values: ArrayLike<number>): Matrix {
  const row = new Matrix(values.length);
  row.values.set(values);
  return row;
}
