import { tokenizerMetadata, vocabulary } from './byte-vocabulary.ts';
import { chatTemplate } from './chat/chat-template.ts';
import { GgufFile } from './gguf/gguf-file.ts';
import { filledRow } from './gguf/matrix.ts';
import { tensorTypes } from './gguf/tensor-types.ts';
import { randomBytes, type RandomTensor } from './random-tensor.ts';

/** The measures of a model; the number of weights follows from them. */
export interface RandomLlamaOptions {
  /** How weights are stored. Default f16. */
  readonly type: 'f16' | 'q8_0';
  readonly width: number;
  readonly layers: number;
  /** Hidden neurons of a layer. */
  readonly neurons: number;
  readonly heads: number;
  readonly keyHeads: number;
  /** Tokens of the vocabulary. */
  readonly words: number;
  readonly contextLength: number;
  readonly seed: number;
}

/** Sizes to spread into the options: 19 million weights (38 MB as f16) and 88 million (94 MB as q8_0). */
export const randomLlamaSizes = {
  small: { type: 'f16', width: 384, layers: 10, neurons: 1024, heads: 6, keyHeads: 2, words: 4096 },
  large: { type: 'q8_0', width: 768, layers: 12, neurons: 2048, heads: 12, keyHeads: 4, words: 8192 },
} as const satisfies Record<string, Partial<RandomLlamaOptions>>;

/**
 * Writes a chat model of random weights, for load and memory: it talks nonsense ("w812 w3001 …"),
 * practically without end, at the cost of a real model of that size. Same options, same file.
 * Default: `randomLlamaSizes.small`, context 8192. Answers `file`.
 */
export function writeRandomLlama(file: string, options: Partial<RandomLlamaOptions> = {}): string {
  const measures = { ...randomLlamaSizes.small, contextLength: 8192, seed: 1, ...options };
  const gguf = new GgufFile().setAll({ ...metadata(measures), ...tokenizerMetadata(words(measures.words)) });
  gguf.set('tokenizer.chat_template', chatTemplate);
  addTensors(gguf, measures);
  return gguf.write(file);
}

function addTensors(gguf: GgufFile, { type, width, layers, neurons, words: rows, ...rest }: RandomLlamaOptions): void {
  let { seed } = rest;
  const keyWidth = (width / rest.heads) * rest.keyHeads;
  const add = (name: string, tensor: Omit<RandomTensor, 'type' | 'seed'>) => {
    const random = { ...tensor, type, seed: seed++ };
    gguf.addEncoded(name, { ...random, encode: () => randomBytes(random) });
  };
  const addLinear = (name: string, from: number, to: number) =>
    add(name, { dimensions: [from, to], deviation: 1 / Math.sqrt(from) });
  add('token_embd.weight', { dimensions: [width, rows], deviation: 1 });
  gguf.add('output_norm.weight', filledRow(width, 1));
  // Bytes and control tokens are never likely: what is said is words, and the end does not come.
  add('output.weight', { dimensions: [width, rows], deviation: 2 / Math.sqrt(width), zeroRows: vocabulary.length });
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `blk.${layer}`;
    gguf.add(`${prefix}.attn_norm.weight`, filledRow(width, 1));
    addLinear(`${prefix}.attn_q.weight`, width, width);
    addLinear(`${prefix}.attn_k.weight`, width, keyWidth);
    addLinear(`${prefix}.attn_v.weight`, width, keyWidth);
    addLinear(`${prefix}.attn_output.weight`, width, width);
    gguf.add(`${prefix}.ffn_norm.weight`, filledRow(width, 1));
    addLinear(`${prefix}.ffn_gate.weight`, width, neurons);
    addLinear(`${prefix}.ffn_up.weight`, width, neurons);
    addLinear(`${prefix}.ffn_down.weight`, neurons, width);
  }
}

/** The tokens of tiny-chat, and numbered words behind a space (which GPT-2 writes as U+0120). */
function words(count: number): string[] {
  return Array.from({ length: count }, (_, token) => vocabulary[token] ?? `\u0120w${token}`);
}

function metadata({ type, width, layers, neurons, heads, keyHeads, ...rest }: RandomLlamaOptions) {
  return {
    'general.architecture': 'llama',
    'general.type': 'model',
    'general.name': 'random-llama',
    'general.description': 'Random weights for load tests.',
    'general.quantization_version': 2,
    'general.file_type': tensorTypes[type].fileType,
    'llama.context_length': rest.contextLength,
    'llama.embedding_length': width,
    'llama.block_count': layers,
    'llama.feed_forward_length': neurons,
    'llama.attention.head_count': heads,
    'llama.attention.head_count_kv': keyHeads,
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-5 },
    'llama.rope.dimension_count': width / heads,
    'llama.rope.freq_base': { f32: 10_000 },
    'llama.vocab_size': rest.words,
  };
}
