import { z } from 'zod';
import type { EngineChunk } from '../../engine.ts';

const partSchema = z.looseObject({
  index: z.number().nullish(),
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish() }).nullish(),
});
const deltaSchema = z.looseObject({ tool_calls: z.array(partSchema) });
type CallPart = z.output<typeof partSchema>;

/**
 * Numbers the tool calls of one answer as they begin: Ollama calls each of them 0, other servers leave
 * the number out, and whoever joins parts by it would run the arguments of two calls together.
 */
export class ToolCallNumbers {
  /** How the server began each call, by choice. */
  readonly #begun = new Map<number, CallPart[]>();

  /** The chunk, with numbers that tell its calls apart. */
  number(chunk: EngineChunk): EngineChunk {
    if (!Array.isArray(chunk.delta['tool_calls'])) return chunk;
    const delta = deltaSchema.safeParse(chunk.delta).data;
    if (delta === undefined) return chunk;
    const begun = this.#begun.get(chunk.index) ?? [];
    this.#begun.set(chunk.index, begun);
    const calls = delta.tool_calls.map((part) => ({ ...part, index: placeOf(part, begun) }));
    return { ...chunk, delta: { ...delta, tool_calls: calls } };
  }
}

function placeOf(part: CallPart, begun: CallPart[]): number {
  const known = begun.findLastIndex(({ index }) => (index ?? null) === (part.index ?? null));
  // Without a number, and without a beginning of its own, it goes on with the last one.
  const place = known === -1 && typeof part.index !== 'number' ? begun.length - 1 : known;
  if (place !== -1 && !isAnother(part, begun[place])) return place;
  return begun.push(part) - 1;
}

// A beginning names its function. Some servers repeat that in each part, and some make up an id for each.
function isAnother(part: CallPart, begun: CallPart | undefined): boolean {
  if (!part.function?.name) return false;
  return part.id ? part.id !== begun?.id : typeof part.index !== 'number';
}
