import { compareRunFiles, type ComparedFigure } from './compare-run-files.ts';
import type { EvaluatedSource } from './evaluate-retrieval.ts';
import { fusionGains, LEGS, meanQuality, toRun, type RetrievalResult } from './retrieval-result.ts';
import type { RunFile } from './run-file.ts';

export function toRunFile(results: readonly RetrievalResult[], now: number): RunFile {
  return { parley_run: 1, kind: 'retrieval', made_at: now, runs: results.map(toRun) };
}

/** The fused ranking with one weight against that with another one. */
export function compareWeights({ result, other }: EvaluatedSource): ComparedFigure[] {
  if (other === null) return [];
  const series = `fused ${result.denseWeight} → ${other.denseWeight}`;
  return compareRunFiles(toRunFile([result], 0), toRunFile([other], 0))
    .filter((figure) => figure.series === 'fused')
    .map((figure) => ({ ...figure, series }));
}

/** A member for each collection or base, by its name. */
export function toRetrievalJson(evaluated: readonly EvaluatedSource[], compared: readonly ComparedFigure[]): object {
  const members = evaluated.map((source) => {
    const { result, other } = source;
    const [bm25, dense, fused] = LEGS.map((leg) => meanQuality(result, leg));
    const member = {
      bm25,
      dense,
      fused,
      dense_weight: result.denseWeight,
      weight_from: result.weightFrom,
      embedding_model: result.embeddingModel,
      queries: result.perQuery.length,
      comparison: [...fusionGains(result), ...compareWeights(source)],
    };
    return [result.name, other ? { ...member, against: meanQuality(other, 'fused') } : member] as const;
  });
  return { ...Object.fromEntries(members), ...(compared.length > 0 && { compared }) };
}
