import { makeGguf } from '@parley/service-kit/testing';
import type { FakeHub, HubRequest } from '../../../testing/fake-hub.ts';

/** What a split model is asked for by; any of its files would do. */
export const SPLIT_SOURCE = 'hf:owner/repo/q4/big-00001-of-00003.gguf';

export const partName = (part: number) => `big-0000${part}-of-00003.gguf`;

/** The three files of a model that nobody could run; as real ones, only the first says what it is. */
export function makeSplitModel(tensorBytes: number): Buffer[] {
  return [1, 2, 3].map((part) => makePart(part, tensorBytes));
}

export function makePart(part: number, tensorBytes: number, more: Record<string, number> = {}): Buffer {
  const said = part === 1 ? { 'general.architecture': 'llama', 'llama.context_length': 4096 } : {};
  const split = { 'split.no': part - 1, 'split.count': 3, 'split.tensors.count': 3 };
  return makeGguf({ ...said, ...split, ...more }, { [`blk.${part}.weight`]: tensorBytes });
}

export function putSplitModel(hub: FakeHub, parts: readonly Buffer[]): void {
  for (const [index, bytes] of parts.entries()) hub.put(`owner/repo/q4/${partName(index + 1)}`, bytes);
}

/** Bytes that went out of a part; one of them each time that it was measured. */
export function sentOf(hub: FakeHub, part: number): number {
  return requestsFor(hub, part).reduce((sum, { sent }) => sum + sent, 0);
}

/** Where the last request for a part began. */
export function lastStartOf(hub: FakeHub, part: number): number {
  return Number(/\d+/.exec(requestsFor(hub, part).at(-1)?.range ?? '')?.[0]);
}

function requestsFor(hub: FakeHub, part: number): HubRequest[] {
  return hub.requests.filter(({ server, path }) => server === 'cdn' && path.includes(partName(part)));
}
