import { expect, it } from 'vitest';
import { BucketReader, bucketOf, BucketWriter, toBits, toKey } from './posting-buckets.ts';

it('finds a key by its whole, whatever its script', () => {
  const terms = ['apple', 'apples', '苹', '苹果', '𠮷', 'x'.repeat(300)];
  const writer = new BucketWriter();
  for (const [place, term] of terms.entries()) writer.add(toKey(term), Uint8Array.of(place, 255, 128));
  const bytes = writer.take().slice();
  const postingsOf = (term: string) => {
    const reader = new BucketReader(bytes);
    while (reader.next()) if (reader.hasKey(toKey(term))) return [...reader.postings];
    return null;
  };
  expect(terms.map(postingsOf)).toEqual(terms.map((_, place) => [place, 255, 128]));
  expect(['appl', '果', '𠮸', ''].map(postingsOf)).toEqual([null, null, null, null]);
  expect(writer.isEmpty).toBe(true);
});

it('halves a bucket with every further bit', () => {
  for (let number = 0; number < 500; number += 1) {
    const key = toKey(`词${number}`);
    for (let bits = 1; bits <= 20; bits += 1) expect(bucketOf(key, bits) >>> 1).toBe(bucketOf(key, bits - 1));
  }
});

it('spreads keys over all buckets', () => {
  const counts = new Uint32Array(64);
  for (let number = 0; number < 6_400; number += 1) {
    const bucket = bucketOf(toKey(`term${number}`), 6);
    counts[bucket] = counts[bucket]! + 1;
  }
  expect(Math.max(...counts)).toBeLessThan(200);
  expect(Math.min(...counts)).toBeGreaterThan(20);
});

it('has as many bits as its size needs, and no more than there are numbers for', () => {
  expect([0, 100, 5_000, 1e6, 1e12].map(toBits)).toEqual([0, 0, 3, 10, 20]);
});
