import { seededRandom } from '../random.ts';
import { lookingBack, type Attention } from './attention.ts';
import { BLOCK, BLOCKS, HASH, HASHED_BLOCKS, HASH_SCALE, KEY_HASH, QUERY_HASH } from './layout.ts';
import type { Rotations } from './rotations.ts';
import { CODE_LENGTH } from './token-codes.ts';

/**
 * Layer 3: looks eight tokens back and takes over what the blocks hold there, in short: random sums
 * of seven codes. Equal tokens have equal sums, others most likely not, so that text which repeats
 * itself can still be copied. There are two, as what is copied stands one token behind what matches.
 */
export function buildHashHead(rotations: Rotations): Attention {
  const head = lookingBack(BLOCKS, rotations);
  const random = seededRandom(13);
  for (let entry = 0; entry < HASH; entry++) {
    for (let column = 0; column < HASHED_BLOCKS * CODE_LENGTH; column++) {
      const sign = random() < 0.5 ? 1 : -1;
      const [block, place] = [Math.floor(column / CODE_LENGTH), column % CODE_LENGTH];
      head.value.set(entry, block * BLOCK + place, sign);
      head.value.set(HASH + entry, (block + 1) * BLOCK + place, sign);
    }
    head.output.set(QUERY_HASH + entry, entry, HASH_SCALE);
    head.output.set(KEY_HASH + entry, HASH + entry, HASH_SCALE);
  }
  return head;
}
