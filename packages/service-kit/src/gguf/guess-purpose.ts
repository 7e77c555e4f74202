import type { ModelPurpose } from '@parley/contracts';

/** How the vectors of a text's tokens become one, by the format's numbers. */
const POOLINGS = ['none', 'mean', 'cls', 'last', 'rank'] as const;
export type GgufPooling = (typeof POOLINGS)[number];

/** Encoders: they read a text whole and cannot write one. */
const ENCODERS: ReadonlySet<string> = new Set(['t5encoder', 'gemma-embedding', 'llama-embed']);
/** The heads that llama.cpp ranks by. */
const RANKING_TENSORS: ReadonlySet<string> = new Set(['cls.weight', 'cls.output.weight']);

export function toPooling(type: number | null): GgufPooling | null {
  return type === null ? null : (POOLINGS[type] ?? null);
}

export interface PurposeHints {
  architecture: string;
  pooling: GgufPooling | null;
  tensorNames: readonly string[];
}

/** What a model is for, as far as its file tells. */
export function guessPurpose({ architecture, pooling, tensorNames }: PurposeHints): ModelPurpose {
  if (pooling === 'rank' || tensorNames.some((name) => RANKING_TENSORS.has(name))) return 'rerank';
  const isEncoder = architecture.includes('bert') || ENCODERS.has(architecture);
  const isPooled = pooling !== null && pooling !== 'none';
  return isEncoder || isPooled ? 'embedding' : 'chat';
}
