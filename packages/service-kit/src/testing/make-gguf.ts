/** The bytes of a model file that nobody could run: a true header, and tensors of 8-bit numbers that do not repeat. */
export function makeGguf(
  metadata: Record<string, number | boolean | string | readonly string[]> = { 'general.architecture': 'llama' },
  tensors: Record<string, number> = { 'token_embd.weight': 1024 },
): Buffer {
  const names = Object.entries(tensors);
  let end = 0;
  const entries = names.map(([name, length]) => {
    const entry = Buffer.concat([text(name), u32(1), u64(length), u32(24), u64(end)]);
    end += Math.ceil(length / 32) * 32;
    return entry;
  });
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(names.length),
    u64(Object.keys(metadata).length),
    ...Object.entries(metadata).flatMap(([key, value]) => [text(key), encode(value)]),
    ...entries,
  ]);
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  return Buffer.concat([head, padding, unlikeBytes(end)]);
}

function encode(value: number | boolean | string | readonly string[]): Buffer {
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.from([Number(value)])]);
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  return Buffer.concat([u32(9), u32(8), u64(value.length), ...value.map(text)]);
}

/** Pieces that are lost, doubled or swapped show, because no two places look alike. */
function unlikeBytes(length: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  let state = 0x9e37_79b9;
  for (let offset = 0; offset < bytes.length; offset += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, offset);
  }
  return bytes.subarray(0, length);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
