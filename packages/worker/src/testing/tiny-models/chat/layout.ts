import { CODE_LENGTH } from './token-codes.ts';

/*
 * What stands where in the vector that passes through the layers of tiny-chat (the residual):
 * eight blocks, for the token of this position and its seven predecessors, an answer block that the
 * output layer reads, a dimension for each set of alternatives, and two hashes of the tokens before.
 */

/** Entry of a block: "this token is <|user|>, <|tool|> or <|assistant|>". */
export const MARKER = CODE_LENGTH;
/** Entry of a block: "this token is <|assistant|>". */
export const ANSWERED = CODE_LENGTH + 1;
/** Length of a block: the token's code and the two flags. */
export const BLOCK = CODE_LENGTH + 2;
/** The token itself and its predecessors. */
export const BLOCKS = 8;
/** Where the answer block starts. */
export const ANSWER = BLOCKS * BLOCK;
/** Where the dimensions of alternatives start. */
export const ALTERNATIVES = ANSWER + CODE_LENGTH;

/** Entries of a hash of seven tokens that came before the blocks: see `hash-head.ts`. */
export const HASH = 11;
/** Where the hash of the tokens 8 to 14 back starts, and that of the tokens 9 to 15 back. */
export const QUERY_HASH = 234;
export const KEY_HASH = QUERY_HASH + HASH;
/** Tokens that a hash stands for. */
export const HASHED_BLOCKS = 7;
/** A hash is a sum of 168 signs, made so small that it hardly changes the norm. */
export const HASH_SCALE = 1 / 128;

/** Length of the residual, and of the one attention head. */
export const WIDTH = 256;
export const LAYERS = 5;
/** The layer that forgets what lies before the last message's start; the one that looks behind the blocks; the one that copies. */
export const FORGETTING_LAYER = 2;
export const HASHING_LAYER = 3;
export const COPYING_LAYER = 4;

/** A set flag: so small that it hardly changes the norm, by which each layer divides its input. */
export const FLAG = 0.125;
/** How strongly the copy head and the memory write into the answer block: the memory wins. */
export const COPY_STRENGTH = 0.5;
export const MEMORY_STRENGTH = 2;

/** Blocks that are filled when `layer` begins: each of the first three layers doubles them. */
export function blocksBefore(layer: number): number {
  return Math.min(2 ** layer, BLOCKS);
}

/**
 * The scale of a normalisation that leaves its input as it is. RMS norm divides by the root of the
 * mean square; blocks are made of +1 and -1, so the sum of squares is known beforehand.
 */
export function neutralScale(sumOfSquares: number): number {
  return Math.sqrt(sumOfSquares / WIDTH);
}
