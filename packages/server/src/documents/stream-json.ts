import { Readable } from 'node:stream';

/**
 * A JSON object whose last member is a long text, part by part: neither the whole text nor its
 * JSON is ever in memory, and no single step takes long. `head` has at least one member.
 */
export function streamWithText(head: object, member: string, parts: AsyncIterable<string>): Readable {
  return toStream(async function* () {
    yield `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(member)}:"`;
    // A part's own quotes go; what is escaped inside of it stays, whole or not: escapes of halves join.
    for await (const part of parts) yield JSON.stringify(part).slice(1, -1);
    yield '"}';
  });
}

/** The same with a list as its last member, batch by batch. */
export function streamWithList(head: object, member: string, batches: AsyncIterable<readonly unknown[]>): Readable {
  return toStream(async function* () {
    yield `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(member)}:[`;
    let isFirst = true;
    for await (const batch of batches) {
      if (batch.length === 0) continue;
      yield `${isFirst ? '' : ','}${JSON.stringify(batch).slice(1, -1)}`;
      isFirst = false;
    }
    yield ']}';
  });
}

function toStream(pieces: () => AsyncGenerator<string>): Readable {
  return Readable.from(pieces(), { objectMode: false });
}
