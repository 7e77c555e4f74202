import { tokenizerMetadata, vocabulary } from '../byte-vocabulary.ts';
import { GgufFile } from '../gguf/gguf-file.ts';
import { filledRow, rowOf } from '../gguf/matrix.ts';
import { tensorTypes } from '../gguf/tensor-types.ts';
import { buildCopyHead, buildOffsetHead, type Attention } from './attention.ts';
import { chatTemplate } from './chat-template.ts';
import { compilePrograms } from './compile-programs.ts';
import { FeedForward, forgetBeforeMarker, forgetHashes, remember } from './feed-forward.ts';
import { buildHashHead } from './hash-head.ts';
import {
  BLOCKS,
  COPY_STRENGTH,
  COPYING_LAYER,
  FORGETTING_LAYER,
  HASHING_LAYER,
  LAYERS,
  WIDTH,
  blocksBefore,
  neutralScale,
} from './layout.ts';
import { placeRules, type PlacedRules } from './place-rules.ts';
import { programs, type Program } from './programs.ts';
import { FREQUENCY_BASE, chooseRotations, frequencyFactors, type Rotations } from './rotations.ts';
import { CODE_LENGTH } from './token-codes.ts';
import { TokenTables } from './token-tables.ts';

/** What may differ from the usual tiny-chat; all have defaults. */
export interface TinyChatOptions {
  /** The name in the file. Default `tiny-chat`. */
  readonly name?: string;
  /** The tokens that it was made for. Default 8192. */
  readonly contextLength?: number;
  /** What it recites. Default `programs`. */
  readonly programs?: readonly Program[];
  /** By how many nats a token is ahead of all others. Default 20: temperature 1 changes nothing but choices. */
  readonly sharpness?: number;
  /** Another Jinja template. */
  readonly chatTemplate?: string;
  /** Metadata that replaces or adds to the usual, for files that are wrong on purpose. */
  readonly metadata?: Parameters<GgufFile['setAll']>[0];
}

/** Writes tiny-chat, a chat model that repeats the last message or recites a program; answers `file`. */
export function writeTinyChat(file: string, options: TinyChatOptions = {}): string {
  return buildTinyChat(options).write(file);
}

/** Writes tiny-chat as `<base>-00001-of-0000N.gguf` and its neighbours; answers their paths, the first one first. */
export function writeSplitTinyChat(base: string, count: number, options: TinyChatOptions = {}): string[] {
  return buildTinyChat(options).writeSplit(base, count);
}

/**
 * A model of llama's architecture whose weights are computed, not trained:
 * - layers 0 to 2 look 1, 2 and 4 tokens back: every position then knows its last seven predecessors;
 * - layer 2 blanks what lies before the current message's start;
 * - layer 3 adds a hash of the seven tokens before these;
 * - layer 4 copies what followed the same tokens last time: an answer repeats the last message;
 * - a memory in layers 2 and 4 knows what follows eight tokens of a program, and overrules the copy.
 *
 * One token is one byte (or one tag), so that usage can be asserted exactly. The file stores f16:
 * eight bits would be too coarse to tell which of two places is the later one.
 */
export function buildTinyChat(options: TinyChatOptions = {}): GgufFile {
  const { contextLength = 8192, sharpness = 20 } = options;
  const rules = compilePrograms(options.programs ?? programs);
  const tables = new TokenTables(rules, sharpness);
  const rotations = chooseRotations(contextLength);
  const memory = placeRules(rules);
  const file = new GgufFile().setAll({
    ...metadata(options, memory.neurons),
    ...tokenizerMetadata(vocabulary),
    'tokenizer.chat_template': options.chatTemplate ?? chatTemplate,
    ...options.metadata,
  });
  const finalSquares = BLOCKS * CODE_LENGTH + CODE_LENGTH * COPY_STRENGTH ** 2;
  file.add('token_embd.weight', tables.embeddings, 'f16');
  file.add('output_norm.weight', filledRow(WIDTH, neutralScale(finalSquares)));
  file.add('output.weight', tables.output, 'f16');
  file.add('rope_freqs.weight', rowOf(frequencyFactors(rotations)));
  for (let layer = 0; layer < LAYERS; layer++) {
    addAttention(file, layer, buildAttention(layer, rotations, contextLength));
    addFeedForward(file, layer, buildFeedForward(layer, memory, tables));
  }
  return file;
}

function buildAttention(layer: number, rotations: Rotations, contextLength: number): Attention {
  if (layer === HASHING_LAYER) return buildHashHead(rotations);
  return layer === COPYING_LAYER ? buildCopyHead(rotations, contextLength) : buildOffsetHead(layer, rotations);
}

function buildFeedForward(layer: number, memory: PlacedRules, tables: TokenTables): FeedForward {
  const feedForward = new FeedForward(memory.neurons);
  if (layer === FORGETTING_LAYER) {
    forgetBeforeMarker(feedForward, tables.blank);
    for (const rule of memory.forgetting) remember(feedForward, rule, tables);
  }
  if (layer === HASHING_LAYER) forgetHashes(feedForward);
  if (layer === COPYING_LAYER) for (const rule of memory.copying) remember(feedForward, rule, tables);
  return feedForward;
}

function addAttention(file: GgufFile, layer: number, attention: Attention): void {
  const before = blocksBefore(layer) * CODE_LENGTH;
  const prefix = `blk.${layer}`;
  file.add(`${prefix}.attn_norm.weight`, filledRow(WIDTH, neutralScale(before)));
  file.add(`${prefix}.attn_q.weight`, attention.query, 'f16').add(`${prefix}.attn_q.bias`, attention.queryBias);
  file.add(`${prefix}.attn_k.weight`, attention.key, 'f16').add(`${prefix}.attn_k.bias`, attention.keyBias);
  file.add(`${prefix}.attn_v.weight`, attention.value, 'f16');
  file.add(`${prefix}.attn_output.weight`, attention.output, 'f16');
}

function addFeedForward(file: GgufFile, layer: number, feedForward: FeedForward): void {
  const known = blocksBefore(layer + 1) * CODE_LENGTH;
  const squares = layer === COPYING_LAYER ? known + CODE_LENGTH * COPY_STRENGTH ** 2 : known;
  const prefix = `blk.${layer}`;
  file.add(`${prefix}.ffn_norm.weight`, filledRow(WIDTH, neutralScale(squares)));
  file.add(`${prefix}.ffn_gate.weight`, feedForward.gate, 'f16').add(`${prefix}.ffn_gate.bias`, feedForward.gateBias);
  file.add(`${prefix}.ffn_up.weight`, feedForward.up, 'f16').add(`${prefix}.ffn_up.bias`, feedForward.upBias);
  file.add(`${prefix}.ffn_down.weight`, feedForward.down, 'f16');
}

function metadata({ name = 'tiny-chat', contextLength = 8192 }: TinyChatOptions, neurons: number) {
  return {
    'general.architecture': 'llama',
    'general.type': 'model',
    'general.name': name,
    'general.description': 'Computed weights for tests: repeats the last message, recites programs.',
    'general.quantization_version': 2,
    'general.file_type': tensorTypes.f16.fileType,
    'llama.context_length': contextLength,
    'llama.embedding_length': WIDTH,
    'llama.block_count': LAYERS,
    'llama.feed_forward_length': neurons,
    'llama.attention.head_count': 1,
    'llama.attention.head_count_kv': 1,
    'llama.attention.key_length': WIDTH,
    'llama.attention.value_length': WIDTH,
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-6 },
    'llama.rope.dimension_count': WIDTH,
    'llama.rope.freq_base': { f32: FREQUENCY_BASE },
    'llama.vocab_size': vocabulary.length,
  };
}
