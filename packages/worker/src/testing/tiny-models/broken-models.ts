import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vocabulary } from './byte-vocabulary.ts';
import { writeTinyChat } from './chat/write-tiny-chat.ts';
import { encodeString } from './gguf/metadata.ts';

/** Files that a worker must refuse in words, and one that no program survives. */
export interface BrokenModels {
  /** tiny-chat without its last third, as an interrupted download leaves it. */
  readonly truncated: string;
  /** The page that a server sends instead of a model. */
  readonly html: string;
  readonly empty: string;
  /** tiny-chat under an architecture that llama.cpp does not know. */
  readonly unknownArchitecture: string;
  /** tiny-chat with one tensor said to be where another one is. */
  readonly wrongOffset: string;
  /** tiny-chat with two tokens of one text: llama.cpp aborts the whole process that loads it (SIGABRT). */
  readonly aborting: string;
}

/** Writes the broken files into `folder`, which must exist; answers their paths. */
export function writeBrokenModels(folder: string): BrokenModels {
  const place = (name: string) => join(folder, `${name}.gguf`);
  const save = (name: string, content: string | Buffer) => {
    writeFileSync(place(name), content);
    return place(name);
  };
  const aborting = writeTinyChat(place('aborting'), {
    metadata: { 'tokenizer.ggml.tokens': vocabulary.map((token) => (token === '<|pad|>' ? '<|end|>' : token)) },
  });
  const unknownArchitecture = writeTinyChat(place('unknown-architecture'), {
    metadata: { 'general.architecture': 'parley-unknown' },
  });
  const whole = readFileSync(writeTinyChat(place('wrong-offset')));
  return {
    truncated: save('truncated', whole.subarray(0, Math.floor((whole.length * 2) / 3))),
    html: save(
      'html',
      '<!doctype html><title>Sign in</title><p>Please sign in to download this file.</p>\n'.repeat(40),
    ),
    empty: save('empty', ''),
    unknownArchitecture,
    wrongOffset: save('wrong-offset', moveTensor(whole, 'blk.3.ffn_up.weight')),
    aborting,
  };
}

/** Lets the entry of a tensor point 32 bytes too far. */
function moveTensor(whole: Buffer, name: string): Buffer {
  const moved = Buffer.from(whole);
  const key = encodeString(name);
  // After the name: the number of dimensions, two dimensions, the type.
  const at = moved.indexOf(key) + key.length + 4 + 2 * 8 + 4;
  moved.writeBigUInt64LE(moved.readBigUInt64LE(at) + 32n, at);
  return moved;
}
