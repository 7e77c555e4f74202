import { Matrix } from '../gguf/matrix.ts';
import {
  ANSWER,
  ANSWERED,
  BLOCK,
  BLOCKS,
  COPY_STRENGTH,
  FLAG,
  HASH,
  HASHED_BLOCKS,
  HASH_SCALE,
  KEY_HASH,
  QUERY_HASH,
  WIDTH,
  blocksBefore,
} from './layout.ts';
import { OFFSET_PAIRS, RECENCY_PAIRS, type Rotations } from './rotations.ts';
import { CODE_LENGTH } from './token-codes.ts';

/** llama.cpp multiplies the product of query and key by this before the softmax; scores are given in its natural units (nats). */
const SCALE = 1 / Math.sqrt(WIDTH);
/** Between the wanted offset and the best other one: e^-80 is nothing. */
const OFFSET_GAP = 80;
/** What the copy head prefers a place by that is one token nearer. */
const NATS_PER_TOKEN = 0.25;
/** How much each of the last seven tokens counts in a match: the nearest the most. */
const MATCH_WEIGHTS = [4, 2, 1, 1, 1, 1, 1];
/** Where contents are compared: behind the pairs that turn. */
const FIRST_STILL = 2 * (OFFSET_PAIRS + RECENCY_PAIRS);
const ANSWERED_FLAG = FIRST_STILL + MATCH_WEIGHTS.length * CODE_LENGTH;
const HASHES = ANSWERED_FLAG + 1;
/** The mean square of an entry of a hash. */
const HASH_VARIANCE = HASHED_BLOCKS * CODE_LENGTH * HASH_SCALE ** 2;

/** The weights of one attention layer with one head. */
export class Attention {
  readonly query = new Matrix(WIDTH, WIDTH);
  readonly key = new Matrix(WIDTH, WIDTH);
  readonly value = new Matrix(WIDTH, WIDTH);
  readonly output = new Matrix(WIDTH, WIDTH);
  readonly queryBias = new Matrix(WIDTH);
  readonly keyBias = new Matrix(WIDTH);

  /** Makes the score of `pair` peak where the key stands `lag` radians of its rotation before the query. */
  turnPair(pair: number, amplitude: number, lag: number): void {
    this.keyBias.set(0, 2 * pair, amplitude);
    this.queryBias.set(0, 2 * pair, amplitude * Math.cos(lag));
    this.queryBias.set(0, 2 * pair + 1, -amplitude * Math.sin(lag));
  }
}

/** Layers 0 to 2: looks exactly 1, 2, 4 tokens back and takes over the blocks that are known there. */
export function buildOffsetHead(layer: number, rotations: Rotations): Attention {
  const head = lookingBack(2 ** layer, rotations);
  const known = blocksBefore(layer) * BLOCK;
  for (let entry = 0; entry < known; entry++) {
    head.value.set(entry, entry, 1);
    head.output.set(known + entry, entry, 1);
  }
  return head;
}

/** A head that attends to the token `offset` places back, and to nothing else. */
export function lookingBack(offset: number, { offsets, worstSum }: Rotations): Attention {
  const head = new Attention();
  const amplitude = Math.sqrt(OFFSET_GAP / (OFFSET_PAIRS - worstSum) / SCALE);
  offsets.forEach((frequency, pair) => head.turnPair(pair, amplitude, frequency * offset));
  return head;
}

/**
 * Layer 4, an induction head (Olsson et al., 2022): looks for the latest place that follows the same
 * last seven tokens (of several that one which also follows the same hash) and copies what stands there. As <|assistant|> has the code of <|user|>, an
 * answer begins like the last message of the user and ends with its <|end|>.
 */
export function buildCopyHead({ recency }: Rotations, contextLength: number): Attention {
  const head = new Attention();
  preferRecent(head, recency);
  // More than all the recency of a full context, so that a better match always wins.
  const unit = 0.3 * contextLength;
  MATCH_WEIGHTS.forEach((weight, block) => {
    const factor = Math.sqrt((weight * unit) / SCALE / CODE_LENGTH);
    for (let entry = 0; entry < CODE_LENGTH; entry++) {
      const row = FIRST_STILL + block * CODE_LENGTH + entry;
      head.query.set(row, block * BLOCK + entry, factor);
      // The key's own token is what is copied; its predecessors are what has to match.
      head.key.set(row, (block + 1) * BLOCK + entry, factor);
    }
  });
  preferSameHash(head, unit);
  avoidAnswers(head, unit);
  for (let entry = 0; entry < CODE_LENGTH; entry++) {
    head.value.set(entry, entry, 1);
    head.output.set(ANSWER + entry, entry, COPY_STRENGTH);
  }
  return head;
}

/** Slow pairs, turned to where the cosine falls almost evenly over the whole context. */
function preferRecent(head: Attention, recency: number): void {
  const amplitude = Math.sqrt(NATS_PER_TOKEN / recency / 0.85 / RECENCY_PAIRS / SCALE);
  for (let pair = OFFSET_PAIRS; pair < OFFSET_PAIRS + RECENCY_PAIRS; pair++) {
    head.turnPair(pair, amplitude, -(Math.PI / 2 - 0.8));
  }
}

/** What came before the seven tokens decides between places that follow the same ones. */
function preferSameHash(head: Attention, unit: number): void {
  const factor = Math.sqrt(unit / SCALE / HASH / HASH_VARIANCE);
  for (let entry = 0; entry < HASH; entry++) {
    head.query.set(HASHES + entry, QUERY_HASH + entry, factor);
    head.key.set(HASHES + entry, KEY_HASH + entry, factor);
  }
}

/** The start of an earlier answer looks like the start of a question, but is none. */
function avoidAnswers(head: Attention, unit: number): void {
  const strength = 64;
  head.queryBias.set(0, ANSWERED_FLAG, strength);
  for (let block = 1; block < BLOCKS; block++) {
    head.key.set(ANSWERED_FLAG, block * BLOCK + ANSWERED, (-3 * unit) / SCALE / strength / FLAG);
  }
}
