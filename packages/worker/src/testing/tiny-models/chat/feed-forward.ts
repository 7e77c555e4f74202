import { Matrix } from '../gguf/matrix.ts';
import {
  ANSWER,
  BLOCK,
  BLOCKS,
  COPY_STRENGTH,
  FLAG,
  HASH,
  MARKER,
  MEMORY_STRENGTH,
  QUERY_HASH,
  WIDTH,
} from './layout.ts';
import type { Rule } from './rule.ts';
import { CODE_LENGTH, WORST_CORRELATION, type Code } from './token-codes.ts';

/**
 * How steep a memory neuron is: its gate is +20 on a full match and -20 on the nearest miss, where
 * silu(x) = x / (1 + e^-x) is x and, to nine digits, nothing.
 */
const STEEPNESS = 2.5;
/** A full match is above the threshold by half of what the nearest miss lacks. */
const MARGIN = (CODE_LENGTH - WORST_CORRELATION) / 2;

/** Neurons of the erasing: two for each entry of the blocks behind the first, and for each block's blank. */
export const ERASING_NEURONS = 2 * (BLOCKS - 1) * (BLOCK + 1);

/** The weights of one feed-forward layer: `down · (silu(gate · x) * up · x)`, filled neuron by neuron. */
export class FeedForward {
  readonly gate: Matrix;
  readonly gateBias: Matrix;
  readonly up: Matrix;
  readonly upBias: Matrix;
  readonly down: Matrix;
  private used = 0;

  constructor(neurons: number) {
    this.gate = new Matrix(WIDTH, neurons);
    this.gateBias = new Matrix(neurons);
    this.up = new Matrix(WIDTH, neurons);
    this.upBias = new Matrix(neurons);
    this.down = new Matrix(neurons, WIDTH);
  }

  take(): number {
    return this.used++;
  }
}

/** What the memory of a layer is written with. */
export interface MemoryCodes {
  codeOf(token: number): Code;
  /** The dimension that stands for a set of alternatives. */
  dimensionOf(alternatives: readonly number[]): number;
}

/** How many neurons a rule takes: a choice also has to take the copy head's vote out of the answer block. */
export function neuronsOf(rule: Rule): number {
  return rule.next.length > 1 ? 1 + CODE_LENGTH : 1;
}

/** A neuron that wakes on the context of `rule` and writes what comes next into the answer block. */
export function remember(layer: FeedForward, rule: Rule, codes: MemoryCodes): void {
  const [first = 0, ...others] = rule.next;
  const unit = MEMORY_STRENGTH / (STEEPNESS * MARGIN);
  const neuron = takeDetector(layer, rule, codes);
  layer.upBias.set(0, neuron, 1);
  if (others.length === 0) {
    codes.codeOf(first).forEach((sign, entry) => layer.down.set(ANSWER + entry, neuron, unit * sign));
    return;
  }
  layer.down.set(codes.dimensionOf(rule.next), neuron, unit * CODE_LENGTH);
  // What the copy head has proposed would make the alternatives unequal.
  for (let entry = 0; entry < CODE_LENGTH; entry++) {
    const eraser = takeDetector(layer, rule, codes);
    layer.up.set(eraser, ANSWER + entry, 1);
    layer.down.set(ANSWER + entry, eraser, -1 / (STEEPNESS * MARGIN));
  }
}

function takeDetector(layer: FeedForward, { context, proposed }: Rule, codes: MemoryCodes): number {
  const neuron = layer.take();
  let matches = 0;
  const detect = (token: number, start: number, strength: number) => {
    matches++;
    layer.gate.setRow(
      neuron,
      start,
      codes.codeOf(token).map((sign) => strength * sign),
    );
  };
  context.forEach((token, block) => {
    if (token !== null) detect(token, block * BLOCK, STEEPNESS);
  });
  if (proposed !== undefined) detect(proposed, ANSWER, STEEPNESS / COPY_STRENGTH);
  layer.gateBias.set(0, neuron, -STEEPNESS * (CODE_LENGTH * matches - MARGIN));
  return neuron;
}

/**
 * Blanks all blocks before the nearest <|user|>, <|tool|> or <|assistant|>, so that the copy head
 * does not compare what came before a message. Where any nearer block is a marker, the difference
 * of two clipped lines, (relu(64 (f - 1/4)) - relu(64 (f - 3/4))) / 32, is 1, and 0 elsewhere. All of
 * its numbers are sums of a few powers of two, which f16 holds exactly.
 */
export function forgetBeforeMarker(layer: FeedForward, blank: Code): void {
  for (let block = 1; block < BLOCKS; block++) {
    for (let entry = 0; entry < BLOCK; entry++) {
      for (const { neuron, share } of takeStep(layer, block)) {
        layer.up.set(neuron, block * BLOCK + entry, 1);
        layer.down.set(block * BLOCK + entry, neuron, -share);
      }
    }
    for (const { neuron, share } of takeStep(layer, block)) {
      layer.upBias.set(0, neuron, 1);
      blank.forEach((sign, entry) => layer.down.set(block * BLOCK + entry, neuron, share * sign));
    }
  }
}

/** Takes the hashes out where they stand for tokens before the current message. */
export function forgetHashes(layer: FeedForward): void {
  for (let entry = QUERY_HASH; entry < QUERY_HASH + 2 * HASH; entry++) {
    for (const { neuron, share } of takeStep(layer, BLOCKS)) {
      layer.up.set(neuron, entry, 1);
      layer.down.set(entry, neuron, -share);
    }
  }
}

/** The two neurons of a step from 0 to 1 where any block before `block` is a marker. */
function takeStep(layer: FeedForward, block: number): { neuron: number; share: number }[] {
  return [
    { bias: -16, share: 1 / 32 },
    { bias: -48, share: -1 / 32 },
  ].map(({ bias, share }) => {
    const neuron = layer.take();
    for (let nearer = 0; nearer < block; nearer++) layer.gate.set(neuron, nearer * BLOCK + MARKER, 64 / FLAG);
    layer.gateBias.set(0, neuron, bias);
    return { neuron, share };
  });
}
