import { GgufFile } from '../gguf/gguf-file.ts';
import { Matrix, filledRow } from '../gguf/matrix.ts';
import { tensorTypes } from '../gguf/tensor-types.ts';
import { bertTokens, type WordPiece } from './word-pieces.ts';

/** Length of the vector that passes through the layers, of the one attention head, and of an embedding. */
export const BERT_WIDTH = 128;
/** Hidden neurons of a layer. */
export const BERT_NEURONS = 32;
/** Tokens that fit at once. */
export const BERT_CONTEXT = 512;

/** How a vector of the whole text is made: its mean, or a score at its first token. */
export const pooling = { mean: 1, rank: 4 } as const;

/** A layer that adds nothing, until its weights are set. */
export class BertLayer {
  readonly query = new Matrix(BERT_WIDTH, BERT_WIDTH);
  readonly queryBias = new Matrix(BERT_WIDTH);
  readonly key = new Matrix(BERT_WIDTH, BERT_WIDTH);
  readonly value = new Matrix(BERT_WIDTH, BERT_WIDTH);
  readonly output = new Matrix(BERT_WIDTH, BERT_WIDTH);
  readonly up = new Matrix(BERT_WIDTH, BERT_NEURONS);
  readonly upBias = new Matrix(BERT_NEURONS);
  readonly down = new Matrix(BERT_NEURONS, BERT_WIDTH);
}

/** Everything of a bert model that its weights do not decide. */
export function startBertFile(name: string, pieces: readonly WordPiece[], poolingType: number): GgufFile {
  return new GgufFile().setAll({
    'general.architecture': 'bert',
    'general.type': 'model',
    'general.name': name,
    'general.description': 'Computed weights for tests.',
    'general.quantization_version': 2,
    'general.file_type': tensorTypes.f16.fileType,
    'bert.context_length': BERT_CONTEXT,
    'bert.embedding_length': BERT_WIDTH,
    'bert.feed_forward_length': BERT_NEURONS,
    'bert.attention.head_count': 1,
    'bert.attention.layer_norm_epsilon': { f32: 1e-12 },
    'bert.attention.causal': false,
    'bert.pooling_type': poolingType,
    'bert.vocab_size': pieces.length,
    'tokenizer.ggml.model': 'bert',
    'tokenizer.ggml.pre': 'default',
    'tokenizer.ggml.tokens': pieces.map(({ token }) => token),
    // 3 is control, 1 is ordinary.
    'tokenizer.ggml.token_type': Int32Array.from(pieces, (_, token) => (token <= bertTokens.mask ? 3 : 1)),
    'tokenizer.ggml.token_type_count': 2,
    'tokenizer.ggml.padding_token_id': bertTokens.padding,
    'tokenizer.ggml.unknown_token_id': bertTokens.unknown,
    'tokenizer.ggml.bos_token_id': bertTokens.begin,
    'tokenizer.ggml.cls_token_id': bertTokens.begin,
    'tokenizer.ggml.eos_token_id': bertTokens.separator,
    // llama.cpp's own spelling of this key.
    'tokenizer.ggml.seperator_token_id': bertTokens.separator,
    'tokenizer.ggml.mask_token_id': bertTokens.mask,
  });
}

/** What the layers begin with: tokens, positions, and the scale of the first normalisation. */
export function addInput(file: GgufFile, tokens: Matrix, { positions = noPositions(), scale }: InputOptions): void {
  file.add('token_embd.weight', tokens, 'f16');
  file.add('token_types.weight', new Matrix(BERT_WIDTH, 2));
  file.add('position_embd.weight', positions);
  addNormalisation(file, 'token_embd_norm', scale);
}

interface InputOptions {
  readonly positions?: Matrix;
  readonly scale: number;
}

/** Adds the layers; all normalisations scale by `scale`, but the very last one by `lastScale`. */
export function addLayers(file: GgufFile, layers: readonly BertLayer[], { scale, lastScale }: LayerScales): void {
  file.set('bert.block_count', layers.length);
  layers.forEach((layer, index) => {
    const prefix = `blk.${index}`;
    const zero = new Matrix(BERT_WIDTH);
    file.add(`${prefix}.attn_q.weight`, layer.query).add(`${prefix}.attn_q.bias`, layer.queryBias);
    file.add(`${prefix}.attn_k.weight`, layer.key).add(`${prefix}.attn_k.bias`, zero);
    file.add(`${prefix}.attn_v.weight`, layer.value).add(`${prefix}.attn_v.bias`, zero);
    file.add(`${prefix}.attn_output.weight`, layer.output).add(`${prefix}.attn_output.bias`, zero);
    addNormalisation(file, `${prefix}.attn_output_norm`, scale);
    file.add(`${prefix}.ffn_up.weight`, layer.up).add(`${prefix}.ffn_up.bias`, layer.upBias);
    file.add(`${prefix}.ffn_down.weight`, layer.down).add(`${prefix}.ffn_down.bias`, zero);
    addNormalisation(file, `${prefix}.layer_output_norm`, index === layers.length - 1 ? lastScale : scale);
  });
}

interface LayerScales {
  readonly scale: number;
  readonly lastScale: number | Matrix;
}

function addNormalisation(file: GgufFile, name: string, scale: number | Matrix): void {
  file.add(`${name}.weight`, typeof scale === 'number' ? filledRow(BERT_WIDTH, scale) : scale);
  file.add(`${name}.bias`, new Matrix(BERT_WIDTH));
}

function noPositions(): Matrix {
  return new Matrix(BERT_WIDTH, BERT_CONTEXT);
}
