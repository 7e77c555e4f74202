import { CODE_LENGTH } from './token-codes.ts';

/*
 * What stands where in the vector that passes through the layers of tiny-chat (the residual):
 * eight blocks, for the token of this position and its seven predecessors, an answer block that the
 * output layer reads, and a few dimensions for sets of alternatives.
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

/** Length of the residual, and of the one attention head. */
export const WIDTH = 256;
export const LAYERS = 4;
/** The layer that forgets what lies before the last message's start; the one that copies. */
export const FORGETTING_LAYER = 2;
export const COPYING_LAYER = 3;

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
