import { openKnowledgeIndex } from '../index-thread/index.ts';
import { makeIndexedChunk } from './temporary-index.ts';

/** A program that writes versions of documents into the index of its first argument until it is killed, and prints each one that is stored. */
const DOCUMENTS = 12;
const [, , file = '', begin = '0'] = process.argv;

const index = await openKnowledgeIndex({ file, segmentPassages: 8 });
for (let version = Number(begin) + 1; ; version += 1) {
  const documentId = `d${version % DOCUMENTS}`;
  const passages = 1 + (version % 19);
  const chunks = Array.from({ length: passages }, (_, place) =>
    makeIndexedChunk(`${version}-${place}`, `apple ${documentId} version${version} place${place} pear plum`),
  );
  await index.words.replaceDocument({ baseId: 'b', documentId }, [chunks]);
  process.stdout.write(`${version} ${documentId} ${passages}\n`);
}
