import { z } from 'zod';
import { baseAlarmSchema } from './knowledge-bases.ts';
import { documentFlagSchema } from './sources.ts';

/** Documents to search in; what is left out does not restrict. */
export const documentFilterSchema = z.object({
  document_ids: z.array(z.string().max(64)).max(100_000).nullish(),
  /** Such as `application/pdf`. */
  media_types: z.array(z.string().max(200)).max(50).nullish(),
  /** Part of the name, in any case. */
  name_contains: z.string().max(500).nullish(),
  /** Milliseconds since 1970. */
  added_after: z.number().int().nullish(),
  added_before: z.number().int().nullish(),
});
export type DocumentFilter = z.infer<typeof documentFilterSchema>;

/** Where a passage stood in one search: rank from 1, and that search's own score. */
export const legPlaceSchema = z.object({ rank: z.number().int().positive(), score: z.number() });

/** A passage as retrieval saw it, kept or not. */
export const tracedHitSchema = z.object({
  chunk_id: z.string(),
  base_id: z.string(),
  document_id: z.string(),
  version_id: z.string().nullable(),
  title: z.string(),
  heading_path: z.array(z.string()),
  page: z.number().int().positive().nullable(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  text: z.string(),
  flags: z.array(documentFlagSchema),
  lexical: legPlaceSchema.nullable(),
  dense: legPlaceSchema.nullable(),
  /** After fusion, 0 to 1. */
  fused: z.number(),
  reranked: z.number().nullable(),
  /** Its number in the prompt, from 1; null when it was dropped. */
  index: z.number().int().positive().nullable(),
  dropped: z
    .enum(['too-many', 'no-room', 'changed', 'duplicate', 'flagged', 'not-relevant'])
    .nullable()
    .describe(
      'Over the number of passages; over the tokens; its text changed meanwhile; says what a better one says; taken out for its flags; too weak',
    ),
});
export type TracedHit = z.infer<typeof tracedHitSchema>;

/** How the passages of one answer, or of one try on the test tab, came about. */
export const retrievalTraceSchema = z.object({
  question: z.string(),
  /** What was searched for: the question, or what a follow-up was rewritten to. */
  queries: z.array(z.string()),
  base_ids: z.array(z.string()),
  hits: z.array(tracedHitSchema),
  /** What a search lacked; never silent. */
  alarms: z.array(baseAlarmSchema.omit({ since: true })),
  /** Milliseconds of each stage that ran. */
  timings: z.object({
    condense_ms: z.number().nullable(),
    lexical_ms: z.number().nullable(),
    embed_ms: z.number().nullable(),
    dense_ms: z.number().nullable(),
    rerank_ms: z.number().nullable(),
    total_ms: z.number(),
  }),
});
export type RetrievalTrace = z.infer<typeof retrievalTraceSchema>;

/** `POST /api/knowledge-bases/search`, answered with a trace; kept in the history of its bases. */
export const searchRequestSchema = z.object({
  base_ids: z.array(z.string().max(64)).min(1).max(50),
  query: z.string().trim().min(1).max(16_000),
  limit: z.number().int().min(1).max(100).default(10),
  filter: documentFilterSchema.nullish(),
});
export type SearchRequest = z.infer<typeof searchRequestSchema>;

/** `GET /api/knowledge-bases/:id/searches`, newest first, at most 100. */
export const searchHistorySchema = z.object({
  searches: z.array(
    z.object({
      id: z.string(),
      query: z.string(),
      hits: z.number().int(),
      total_ms: z.number(),
      created_at: z.number().int(),
    }),
  ),
});

/** `GET /api/messages/:id/trace`: null for an answer without retrieval. */
export const messageTraceSchema = z.object({ trace: retrievalTraceSchema.nullable() });

/** `PUT /api/messages/:id/feedback`: thumbs; up and down judge the cited passages for their bases. Null takes it back. */
export const feedbackRequestSchema = z.object({ score: z.union([z.literal(1), z.literal(-1)]).nullable() });

/**
 * A judged passage: how well it answers a query. `POST /api/knowledge-bases/:id/judgements` (pin or
 * reject a hit of the test tab), `GET` lists, `DELETE …/judgements/:judgementId` removes.
 */
export const judgementSchema = z.object({
  id: z.string(),
  query: z.string(),
  document_id: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  /** 0: does not answer; 1: helps; 2: answers. */
  grade: z.number().int().min(0).max(2),
  origin: z.enum(['pin', 'feedback']),
  created_at: z.number().int(),
});
export type Judgement = z.infer<typeof judgementSchema>;
export const addJudgementRequestSchema = judgementSchema.pick({
  query: true,
  document_id: true,
  start: true,
  end: true,
  grade: true,
});
export const judgementListSchema = z.object({ judgements: z.array(judgementSchema) });

const qualitySchema = z.object({ ndcg10: z.number(), recall10: z.number(), recall100: z.number(), mrr10: z.number() });
/**
 * `POST /api/knowledge-bases/:id/evaluate`: the searches against the base's judgements; `tune: true`
 * also keeps the best weight. `dense_weight` tries another weight than the base's, and keeps nothing.
 */
export const evaluateRequestSchema = z.object({
  tune: z.boolean().default(false),
  dense_weight: z.number().min(0).max(1).nullish(),
});
export const evaluationSchema = z.object({
  queries: z.number().int(),
  lexical: qualitySchema,
  dense: qualitySchema.nullable(),
  fused: qualitySchema,
  dense_weight: z.number(),
  /** The weight that was best on these queries; null without a dense leg. */
  best_dense_weight: z.number().nullable(),
  /** The same of each query, so that two evaluations can be compared query by query. */
  per_query: z
    .array(
      z.object({ query: z.string(), lexical: qualitySchema, dense: qualitySchema.nullable(), fused: qualitySchema }),
    )
    .optional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
