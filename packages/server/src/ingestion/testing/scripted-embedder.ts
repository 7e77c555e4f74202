import { createHash } from 'node:crypto';
import type { ParleyError } from '@parley/contracts';
import type { EmbedTexts } from '@parley/rag';

/** A fake: a vector from the hash of a text, as long as the model's name ends: `fake-8`. */
export class ScriptedEmbedder {
  /** Texts that were embedded, by model. */
  readonly texts: { model: string; text: string }[] = [];
  /** What it throws instead of answering. */
  error: ParleyError | null = null;
  /** Never answers. */
  isSilent = false;
  /** Called before each answer. */
  onAsked: () => void = () => {};

  readonly of =
    (model: string): EmbedTexts =>
    async (texts) => {
      this.onAsked();
      if (this.error) throw this.error;
      if (this.isSilent) await new Promise(() => {});
      this.texts.push(...texts.map((text) => ({ model, text })));
      const dimensions = Number(/\d+$/.exec(model)?.[0] ?? 4);
      return texts.map((text) => toVector(`${model}${text}`, dimensions));
    };
}

function toVector(text: string, dimensions: number): Float32Array {
  const bytes = createHash('sha256').update(text).digest();
  const vector = Float32Array.from({ length: dimensions }, (_, place) => (bytes[place % bytes.length] ?? 0) - 127.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
