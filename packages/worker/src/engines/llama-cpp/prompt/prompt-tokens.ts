import { LlamaText, SpecialTokensText, type LlamaModel, type Token } from 'node-llama-cpp';
import type { PromptPiece } from './chat-template.ts';

/** The tokens of a prompt. Control tokens come from the template alone; typed by people they stay plain text. */
export function toPromptTokens(pieces: readonly PromptPiece[], weights: LlamaModel): Token[] {
  const text = LlamaText(
    pieces.map((piece) => (piece.from === 'template' ? new SpecialTokensText(piece.text) : piece.text)),
  );
  const tokens = text.tokenize(weights.tokenizer);
  const { bos, shouldPrependBosToken } = weights.tokens;
  return bos !== null && shouldPrependBosToken && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}
