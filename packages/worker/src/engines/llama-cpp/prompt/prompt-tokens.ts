import { LlamaText, SpecialTokensText, type LlamaModel, type Token } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';
import type { PromptPiece } from './text-marks.ts';

/**
 * The tokens of a prompt, one at least. Control tokens come from the template alone; typed by people
 * they stay plain text.
 */
export function toPromptTokens(pieces: readonly PromptPiece[], weights: LlamaModel): Token[] {
  const text = LlamaText(
    pieces.map((piece) => (piece.from === 'template' ? new SpecialTokensText(piece.text) : piece.text)),
  );
  const tokens = text.tokenize(weights.tokenizer);
  const { bos, shouldPrependBosToken } = weights.tokens;
  if (bos !== null && shouldPrependBosToken && tokens[0] !== bos) return [bos, ...tokens];
  if (tokens.length > 0) return tokens;
  throw new ParleyError('invalid_request', "The model's chat template made an empty prompt.", { param: 'messages' });
}
