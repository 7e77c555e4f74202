import { expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { DownloadQueue } from './download-queue.ts';

it('runs one again that is added before its run has quite ended, and not twice at once', async () => {
  const ends: (() => void)[] = [];
  const run = () => new Promise<void>((resolve) => void ends.push(resolve));
  const queue = new DownloadQueue({ limit: 2, run });
  queue.add('failed');
  queue.add('failed');
  queue.add('other');
  expect(ends).toHaveLength(2);
  ends[0]?.();
  await waitUntil(() => ends.length === 3, 'the second run');
  for (const end of ends) end();
  await queue.close();
  expect(ends).toHaveLength(3);
});
