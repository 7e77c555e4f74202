import type { MetadataValue } from './gguf/metadata.ts';

const BYTES = 256;

const controlNames = ['<|begin|>', '<|end|>', '<|user|>', '<|assistant|>', '<|system|>', '<|tool|>', '<|pad|>'];

/** Ordinary text to the reader, one token to the model, as in most chat vocabularies. */
const tagNames = ['<think>', '</think>', '<tool_call>', '</tool_call>'];

/** The control tokens by their job. */
export const controlTokens = {
  begin: BYTES,
  end: BYTES + 1,
  user: BYTES + 2,
  assistant: BYTES + 3,
  system: BYTES + 4,
  tool: BYTES + 5,
  pad: BYTES + 6,
} as const;

/** Tokens that start a message which may be repeated, and the one that starts an answer. */
export const messageStarts: ReadonlySet<number> = new Set([
  controlTokens.user,
  controlTokens.tool,
  controlTokens.assistant,
]);

/** A token for every byte, then the control tokens, then the tags. */
export const vocabulary: readonly string[] = [...printableBytes(), ...controlNames, ...tagNames];

/** The tokens of a text: one for each byte of its UTF-8 form, and one for each tag. */
export function encodeText(text: string): number[] {
  const firstTag = BYTES + controlNames.length;
  return text
    .split(new RegExp(`(${tagNames.join('|')})`))
    .flatMap((part) => (tagNames.includes(part) ? [firstTag + tagNames.indexOf(part)] : [...Buffer.from(part)]));
}

/**
 * The metadata of a byte-pair tokenizer without pairs. `merges` may be empty but must exist, and
 * without ids of its own llama.cpp would take token 11 for the begin and the end.
 */
export function tokenizerMetadata(tokens: readonly string[]): Record<string, MetadataValue> {
  return {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': Int32Array.from(tokens, (_, token) => tokenType(token)),
    'tokenizer.ggml.merges': [],
    'tokenizer.ggml.bos_token_id': controlTokens.begin,
    'tokenizer.ggml.eos_token_id': controlTokens.end,
    'tokenizer.ggml.eot_token_id': controlTokens.end,
    'tokenizer.ggml.padding_token_id': controlTokens.pad,
    'tokenizer.ggml.add_bos_token': true,
    'tokenizer.ggml.add_eos_token': false,
  };
}

/** llama.cpp's numbers: 1 is ordinary, 3 is control, 4 is defined by the user (found in any text, and shown). */
function tokenType(token: number): number {
  const afterBytes = token - BYTES;
  if (afterBytes < 0 || afterBytes >= controlNames.length + tagNames.length) return 1;
  return afterBytes < controlNames.length ? 3 : 4;
}

/** GPT-2's stand-ins: a byte that is no visible Latin-1 character is written as the next one from U+0100 on. */
function printableBytes(): string[] {
  let next = BYTES;
  return Array.from({ length: BYTES }, (_, byte) => {
    const isVisible = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCodePoint(isVisible ? byte : next++);
  });
}
