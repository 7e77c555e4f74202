/** Rows that are mostly zero: of each, the columns that are not, and their values. */
export interface SparseRow {
  columns: Int32Array;
  values: Float64Array;
}

/** Numbers row by row. */
export interface DenseMatrix {
  rows: number;
  columns: number;
  values: Float64Array;
}

export function createMatrix(rows: number, columns: number, fill: () => number = () => 0): DenseMatrix {
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, fill) };
}

/** `sparse` times `by`. */
export function multiply(sparse: readonly SparseRow[], by: DenseMatrix): DenseMatrix {
  const product = createMatrix(sparse.length, by.columns);
  for (const [row, { columns, values }] of sparse.entries()) {
    const target = product.values.subarray(row * by.columns, (row + 1) * by.columns);
    for (const [place, column] of columns.entries()) {
      addTimes(target, by.values.subarray(column * by.columns, (column + 1) * by.columns), values[place] ?? 0);
    }
  }
  return product;
}

/** `sparse`, turned over, times `by`: `columns` is the width of `sparse`. */
export function multiplyTransposed(sparse: readonly SparseRow[], by: DenseMatrix, columns: number): DenseMatrix {
  const product = createMatrix(columns, by.columns);
  for (const [row, { columns: places, values }] of sparse.entries()) {
    const source = by.values.subarray(row * by.columns, (row + 1) * by.columns);
    for (const [place, column] of places.entries()) {
      const target = product.values.subarray(column * by.columns, (column + 1) * by.columns);
      addTimes(target, source, values[place] ?? 0);
    }
  }
  return product;
}

/**
 * Makes the columns of length 1 and at right angles to each other, in place (by Cholesky's
 * decomposition of their products with each other, twice, since once loses too much precision).
 */
export function orthonormalise(matrix: DenseMatrix): void {
  for (let pass = 0; pass < 2; pass += 1) solveRows(matrix, decompose(productsOfColumns(matrix)));
}

function productsOfColumns({ rows, columns, values }: DenseMatrix): DenseMatrix {
  const products = createMatrix(columns, columns);
  for (let row = 0; row < rows; row += 1) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    for (let column = 0; column < columns; column += 1) {
      const value = own[column] ?? 0;
      if (value !== 0) addTimes(products.values.subarray(column * columns, column * columns + column + 1), own, value);
    }
  }
  return products;
}

/** Cholesky: the lower triangle whose product with itself turned over is `square`, in place. */
function decompose(square: DenseMatrix): DenseMatrix {
  const { columns: size, values } = square;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = values[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (values[row * size + k] ?? 0) * (values[column * size + k] ?? 0);
      // A column that depends on the others has no length of its own left: it is made nothing.
      if (row === column) values[row * size + row] = sum > 1e-12 ? Math.sqrt(sum) : Infinity;
      else values[row * size + column] = sum / (values[column * size + column] ?? 1);
    }
  }
  return square;
}

/** Divides each row by the turned-over triangle. */
function solveRows({ rows, columns: size, values }: DenseMatrix, triangle: DenseMatrix): void {
  for (let row = 0; row < rows; row += 1) {
    const own = values.subarray(row * size, (row + 1) * size);
    for (let column = 0; column < size; column += 1) {
      let sum = own[column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (triangle.values[column * size + k] ?? 0) * (own[k] ?? 0);
      own[column] = sum / (triangle.values[column * size + column] ?? 1);
    }
  }
}

/** Over the length of `target`. */
function addTimes(target: Float64Array, source: Float64Array, factor: number): void {
  for (let place = 0; place < target.length; place += 1) {
    target[place] = (target[place] ?? 0) + (source[place] ?? 0) * factor;
  }
}
