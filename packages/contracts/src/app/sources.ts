import { z } from 'zod';

/**
 * A passage that an answer may cite as `[index]`. `start` and `end` are UTF-16 offsets into the
 * document's stored text, and `quote` is exactly what stands there; both were compared before
 * the source was sent.
 */
export const sourceSchema = z.object({
  index: z.number().int().positive(),
  document_id: z.string(),
  title: z.string(),
  /** Headings above the passage, outermost first. */
  heading_path: z.array(z.string()),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  quote: z.string(),
  /** Retrieval score; larger is better, comparable within one answer only. */
  score: z.number(),
});
export type Source = z.infer<typeof sourceSchema>;

/** `GET /api/documents/:id`: the text that `start` and `end` count in. */
export const documentSchema = z.object({
  id: z.string(),
  title: z.string(),
  language: z.string(),
  media_type: z.string(),
  text: z.string(),
});
export type DocumentView = z.infer<typeof documentSchema>;

/** `GET /api/documents`: what there is to cite, without the texts. */
export const documentListSchema = z.object({ documents: z.array(documentSchema.omit({ text: true })) });
export type DocumentList = z.infer<typeof documentListSchema>;
