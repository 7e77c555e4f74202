import type { Blocks } from './loop-watch.ts';
import type { ServerMemory } from './server-memory.ts';

/** The first searches warm up. */
const WARM_UP = 20;

export interface Measured {
  begun: { memory: ServerMemory; load: number };
  ingestion: { seconds: number; blocks: Blocks; memory: ServerMemory[]; searchMs: number[] };
  documents: { ready: number; failed: number };
  chunks: number;
  verifying: Blocks;
  asked: { totalMs: number; overHttpMs: number }[];
  asking: Blocks;
  /** Null: nobody waited for it. */
  idle: ServerMemory | null;
}

/** What README.md explains. */
export function toFigures(measured: Measured, cores: number) {
  const { begun, ingestion, documents, chunks, verifying, asked, asking, idle } = measured;
  const warm = asked.slice(WARM_UP);
  const own = warm.map(({ totalMs }) => totalMs);
  return rounded({
    documents: documents.ready,
    failed: documents.failed,
    chunks,
    seconds: ingestion.seconds,
    chunksPerSecondPerCore: chunks / ingestion.seconds / cores,
    cores,
    loadBefore: begun.load,
    ingestion: toBlockFigures(ingestion.blocks),
    verification: toBlockFigures(verifying),
    memory: {
      start: begun.memory,
      middleMiB: meanOf(ingestion.memory, 0.4, 0.6),
      endMiB: meanOf(ingestion.memory, 0.8, 1),
      peakServerMiB: Math.max(...ingestion.memory.map(({ server }) => server)),
      end: ingestion.memory.at(-1) ?? null,
      idle,
    },
    retrieval: {
      p50Ms: percentile(own, 0.5),
      p95Ms: percentile(own, 0.95),
      overHttpP95Ms: percentile(
        warm.map(({ overHttpMs }) => overHttpMs),
        0.95,
      ),
      ...toBlockFigures(asking),
    },
    retrievalWhileIngesting: { p95Ms: percentile(ingestion.searchMs, 0.95) },
  });
}

function toBlockFigures({ longestMs, p99Ms, longestOwnMs, longestCpuMs, over50Ms, ownOver50Ms }: Blocks) {
  return {
    longestBlockMs: longestMs,
    p99BlockMs: p99Ms,
    longestOwnBlockMs: longestOwnMs,
    longestBlockCpuMs: longestCpuMs,
    blocksOver50Ms: over50Ms,
    ownBlocksOver50Ms: ownOver50Ms,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Of a part of the samples, server and readers together. */
function meanOf(samples: readonly ServerMemory[], from: number, to: number): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.max(1, Math.ceil(samples.length * to)));
  return part.reduce((sum, { server, readers }) => sum + server + readers, 0) / Math.max(1, part.length);
}

function rounded<Value>(value: Value): Value {
  if (typeof value === 'number') return (Math.round(value * 100) / 100) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)])) as Value;
}
