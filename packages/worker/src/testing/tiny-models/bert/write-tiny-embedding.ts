import { Matrix } from '../gguf/matrix.ts';
import { BERT_WIDTH, BertLayer, addInput, addLayers, pooling, startBertFile } from './bert-file.ts';
import { MEANING, directionSource } from './directions.ts';
import { bertTokens, wordPieces, type WordPiece } from './word-pieces.ts';

/** How much of a topic's word is the topic's direction, and how much its own. */
const TOPIC_SHARE = 0.8;
const OWN_SHARE = 0.5;

/**
 * Writes tiny-embed, an embedding model of 128 dimensions; answers `file`. A bag of words: each piece
 * has a direction, the text's vector is their mean, so texts that share words are near. Words of one
 * topic share most of their direction ("kitten" is near "cat", and 猫 is near both); fillers count little.
 */
export function writeTinyEmbedding(file: string): string {
  const pieces = wordPieces();
  const gguf = startBertFile('tiny-embed', pieces, pooling.mean);
  addInput(gguf, buildEmbeddings(pieces), { scale: 1 });
  const onlyMeaning = new Matrix(BERT_WIDTH);
  onlyMeaning.values.fill(1, 0, MEANING);
  addLayers(gguf, [new BertLayer()], { scale: 1, lastScale: onlyMeaning });
  return gguf.write(file);
}

function buildEmbeddings(pieces: readonly WordPiece[]): Matrix {
  const nextDirection = directionSource(3);
  const topicDirections = new Map<string, number[]>();
  const embeddings = new Matrix(BERT_WIDTH, pieces.length);
  pieces.forEach(({ weight, topic }, token) => {
    const own = nextDirection();
    // Control tokens stay zero, and a normalisation keeps zero: they do not count.
    if (token <= bertTokens.mask && token !== bertTokens.unknown) return;
    if (topic !== undefined && !topicDirections.has(topic)) topicDirections.set(topic, nextDirection());
    const shared = topic === undefined ? undefined : topicDirections.get(topic);
    embeddings.setRow(token, 0, weighted(shared ? mixed(shared, own) : own, weight));
  });
  return embeddings;
}

function mixed(shared: readonly number[], own: readonly number[]): number[] {
  const sum = shared.map((value, index) => TOPIC_SHARE * value + OWN_SHARE * (own[index] ?? 0));
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0) / MEANING);
  return sum.map((value) => value / length);
}

/**
 * The normalisations make all tokens equally long. So what a light word lacks is put into the
 * dimensions behind the meaning, which the last normalisation takes out.
 */
function weighted(direction: readonly number[], weight: number): number[] {
  const behind = BERT_WIDTH - MEANING;
  const filling = Math.sqrt((MEANING * (1 - weight * weight)) / behind);
  const ballast = Array.from({ length: behind }, (_, index) => (index % 2 === 0 ? filling : -filling));
  return [...direction.map((value) => value * weight), ...ballast];
}
