import { compareRuns, type Comparison } from '@parley/rag/evaluation';
import type { Run, RunFile } from './run-file.ts';

/** One figure of one series in both runs. */
export interface ComparedFigure extends Comparison {
  run: string;
  series: string;
  figure: string;
}

/**
 * Compares every figure that both files have. Runs are paired by name; where each file has one, those
 * two: two bases may hold the same documents.
 */
export function compareRunFiles(first: RunFile, second: RunFile): ComparedFigure[] {
  const [only, other] = [first.runs, second.runs].map((runs) => (runs.length === 1 ? runs[0] : undefined));
  if (only && other) return compareTwo(only, other);
  return first.runs.flatMap((run) => {
    const same = second.runs.find(({ name }) => name === run.name);
    return same ? compareTwo(run, same) : [];
  });
}

function compareTwo(first: Run, second: Run): ComparedFigure[] {
  return Object.entries(first.scores).flatMap(([series, figures]) =>
    Object.entries(figures).flatMap(([figure, scores]) => {
      const others = second.scores[series]?.[figure];
      const compared = others && compareRuns(scores, others);
      return compared && compared.queries > 0 ? [{ run: first.name, series, figure, ...compared }] : [];
    }),
  );
}
