/** Everything that an async iterable yields, in order. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Collects into `into`, so that what came before an error can be looked at. Answers the error, or null. */
export async function collectUntilError<Value>(values: AsyncIterable<Value>, into: Value[]): Promise<unknown> {
  try {
    for await (const value of values) into.push(value);
    return null;
  } catch (error) {
    return error;
  }
}
