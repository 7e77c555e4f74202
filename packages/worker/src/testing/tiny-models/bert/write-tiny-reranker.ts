import type { GgufFile } from '../gguf/gguf-file.ts';
import { Matrix, rowOf } from '../gguf/matrix.ts';
import { encodeValues } from '../gguf/tensor-types.ts';
import { BERT_CONTEXT, BERT_WIDTH, BertLayer, addInput, addLayers, pooling, startBertFile } from './bert-file.ts';
import { MEANING, directionSource } from './directions.ts';
import { bertTokens, wordPieces, type WordPiece } from './word-pieces.ts';

/** Pairs (+x, -x) behind the meaning, so that the normalisations see a mean of zero. */
const PAIR = {
  begin: MEANING,
  separator: MEANING + 2,
  content: MEANING + 4,
  position: MEANING + 6,
  separatorPosition: MEANING + 8,
  isDocument: MEANING + 10,
  missing: MEANING + 12,
  result: MEANING + 14,
} as const;

/** Squares of an input: the meaning, and three pairs that are +1 or -1 for every token. */
const SQUARES = MEANING + 6;
/** Undoes what a normalisation does to such a vector. */
const SCALE = Math.sqrt(SQUARES / BERT_WIDTH);
/** The size of all that is added later: so small that the norm hardly changes. */
const SMALL = 0.125;
/** How far apart two neighbouring positions are. */
const STEP = SMALL / BERT_CONTEXT;
/** Dimensions that nothing reads. */
const ELSEWHERE = MEANING + 16;
/** llama.cpp divides a score by this. */
const ROOT = Math.sqrt(BERT_WIDTH);

/**
 * Writes tiny-rerank, a cross-encoder: it reads question and document together and says how many of
 * the question's words the document has; answers `file`.
 * - Layer 0: every token finds the first separator; those behind it belong to the document.
 * - Layer 1: every token looks for its equals in the document, with [CLS] as a sink of attention: the
 *   sink's share is large where there are none.
 * - Layer 2: [CLS] averages that share over the question's words (fillers only where it has no others).
 */
export function writeTinyReranker(file: string): string {
  const pieces = wordPieces();
  const gguf = startBertFile('tiny-rerank', pieces, pooling.rank);
  addInput(gguf, buildEmbeddings(pieces), { positions: buildPositions(), scale: SCALE });
  const layers = [findDocument(), findEquals(), averageQuestion()];
  addLayers(gguf, layers, { scale: SCALE, lastScale: SCALE });
  addScore(gguf);
  return gguf.write(file);
}

function buildEmbeddings(pieces: readonly WordPiece[]): Matrix {
  const nextDirection = directionSource(5);
  const embeddings = new Matrix(BERT_WIDTH, pieces.length);
  pieces.forEach(({ weight }, token) => {
    const isBegin = token === bertTokens.begin;
    // [CLS] must be equally unlike every word: it has its length elsewhere.
    embeddings.setRow(token, isBegin ? ELSEWHERE : 0, isBegin ? ballast() : nextDirection());
    setPair(embeddings, { row: token, pair: PAIR.begin, value: isBegin ? 1 : -1 });
    setPair(embeddings, { row: token, pair: PAIR.separator, value: token === bertTokens.separator ? 1 : -1 });
    setPair(embeddings, { row: token, pair: PAIR.content, value: weight === 1 ? 1 : -1 });
  });
  return embeddings;
}

function ballast(): number[] {
  const length = BERT_WIDTH - ELSEWHERE;
  const size = Math.sqrt(MEANING / length);
  return Array.from({ length }, (_, index) => (index % 2 === 0 ? size : -size));
}

function buildPositions(): Matrix {
  const positions = new Matrix(BERT_WIDTH, BERT_CONTEXT);
  for (let row = 0; row < BERT_CONTEXT; row++) setPair(positions, { row, pair: PAIR.position, value: STEP * row });
  return positions;
}

function findDocument(): BertLayer {
  const layer = new BertLayer();
  layer.queryBias.set(0, 0, ROOT);
  // A separator outweighs any position, and the first one outweighs the last by 10 nats a token.
  layer.key.set(0, PAIR.separator, 10 * BERT_CONTEXT);
  layer.key.set(0, PAIR.position, -10 / STEP);
  layer.value.set(0, PAIR.position, 1);
  writePair(layer.output, PAIR.separatorPosition, 1);
  // A step from 0 to 1 between "is the separator" and "is one behind it". Both neurons are far from
  // where gelu bends, so that their difference is exact.
  const perToken = 64;
  [16, 32].forEach((threshold, neuron) => {
    layer.up.set(neuron, PAIR.position, perToken / STEP);
    layer.up.set(neuron, PAIR.separatorPosition, -perToken / STEP);
    layer.upBias.set(0, neuron, -threshold);
    const share = (neuron === 0 ? SMALL : -SMALL) / 16;
    layer.down.set(PAIR.isDocument, neuron, share);
    layer.down.set(PAIR.isDocument + 1, neuron, -share);
  });
  return layer;
}

function findEquals(): BertLayer {
  const layer = new BertLayer();
  const [equal, inDocument] = [60, 30];
  const factor = Math.sqrt((equal * ROOT) / MEANING);
  for (let entry = 0; entry < MEANING; entry++) {
    layer.query.set(entry, entry, factor);
    layer.key.set(entry, entry, factor);
  }
  layer.queryBias.set(0, MEANING, ROOT);
  layer.key.set(MEANING, PAIR.isDocument, inDocument / SMALL);
  // One equal word in the document leaves the sink a fifth of the attention.
  layer.key.set(MEANING, PAIR.begin, (equal + inDocument - Math.log(4)) / 2);
  layer.value.set(0, PAIR.begin, SMALL / 2);
  writePair(layer.output, PAIR.missing, 1);
  return layer;
}

function averageQuestion(): BertLayer {
  const layer = new BertLayer();
  layer.queryBias.set(0, 0, ROOT);
  layer.key.set(0, PAIR.content, 15);
  layer.key.set(0, PAIR.isDocument, -60 / SMALL);
  layer.value.set(0, PAIR.missing, 1);
  writePair(layer.output, PAIR.result, 1);
  return layer;
}

/** A share of 1 (nothing found) is a logit of -4, one of 0.2 (each word found once) is +3. */
function addScore(gguf: GgufFile): void {
  const slope = 7 / 0.8;
  const score = new Matrix(BERT_WIDTH);
  // `result` is the share less a half.
  score.set(0, PAIR.result, -slope / SMALL);
  gguf.addEncoded('cls.output.weight', {
    dimensions: [BERT_WIDTH, 1],
    type: 'f32',
    encode: () => encodeValues(score.values, 'f32'),
  });
  gguf.add('cls.output.bias', rowOf([slope / 2 - 4]));
}

function setPair(matrix: Matrix, { row, pair, value }: { row: number; pair: number; value: number }): void {
  matrix.setRow(row, pair, [value, -value]);
}

/** Writes the head's first entry into a pair. */
function writePair(output: Matrix, pair: number, value: number): void {
  output.set(pair, 0, value);
  output.set(pair + 1, 0, -value);
}
