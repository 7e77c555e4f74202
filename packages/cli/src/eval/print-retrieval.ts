import type { RankingQuality } from '@parley/rag/evaluation';
import { toTable } from '../terminal/table.ts';
import type { Messages } from '../terminal/messages.ts';
import type { ComparedFigure } from './compare-run-files.ts';
import { FIGURES, fusionGains, LEGS, meanQuality, type RetrievalResult } from './retrieval-result.ts';

const FIGURE_NAMES: Record<keyof RankingQuality, string> = {
  ndcg10: 'nDCG@10',
  recall10: 'recall@10',
  recall100: 'recall@100',
  mrr10: 'MRR@10',
};

/** The figures of one source as a table, and whether fusing was worth it. */
export function printRetrieval(result: RetrievalResult, say: Messages): void {
  console.log(`\n${say.eval.retrievalHead(result.name, result.perQuery.length)}`);
  const rows = LEGS.map((leg) => {
    const quality = meanQuality(result, leg);
    return [say.eval.legs[leg], ...FIGURES.map((figure) => (quality ? quality[figure].toFixed(4) : '–'))];
  });
  console.log(toTable([['', ...FIGURES.map((figure) => FIGURE_NAMES[figure])], ...rows]));
  if (result.denseWeight === null || result.weightFrom === null) console.log(say.eval.noDense);
  else console.log(say.eval.weight(result.denseWeight, say.eval.weightFrom[result.weightFrom]));
  printComparison(fusionGains(result), say);
}

/** Differences with their confidence intervals and p, a line each; nothing where there are none. */
export function printComparison(figures: readonly ComparedFigure[], say: Messages): void {
  if (figures.length === 0) return;
  const rows = figures.map(({ run, series, figure, interval, p, ...compared }) => [
    run,
    series,
    Object.hasOwn(FIGURE_NAMES, figure) ? FIGURE_NAMES[figure as keyof RankingQuality] : figure,
    compared.first.toFixed(4),
    compared.second.toFixed(4),
    signed(compared.difference),
    `${signed(interval[0])} … ${signed(interval[1])}`,
    p < 0.001 ? '< 0.001' : p.toFixed(3),
    String(compared.queries),
  ]);
  console.log(`\n${toTable([say.eval.compareHead, ...rows])}`);
  console.log(say.eval.compareNote);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
