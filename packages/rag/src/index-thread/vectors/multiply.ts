import { wasm, type WasmMemory } from './web-assembly.ts';

/** Vectors are filled up with zeros to a multiple of so many numbers. */
export const LANES = 8;

/** Where things are in the memory that vectors lie in; bytes. */
export interface MultiplyTask {
  /** The first vector; the others follow. */
  vectors: number;
  count: number;
  query: number;
  /** Length of a vector. */
  size: number;
  /** Where the products go, one Float32 per vector. */
  products: number;
}

/** Writes the product of the query with each of the vectors. */
export type Multiply = (task: MultiplyTask) => void;

/**
 * The program as WebAssembly, byte by byte: JavaScript has no words for four multiplications at once,
 * and takes three times as long without. Parameters 0 to 4: vectors, count, query, size, products.
 * Locals: 5 place in the query, 6 end of the vector, 7 and 8 four sums each. The opcodes are in the
 * specification, webassembly.github.io/spec/core/binary/instructions.html.
 */
const PROGRAM = `
  00 61 73 6d 01 00 00 00                    ; WebAssembly, version 1
  01 09 01 60 05 7f 7f 7f 7f 7f 00           ; types: five numbers in, nothing out
  02 0b 01 01 65 01 6d 02 01 00 80 80 04     ; import: a memory, "e" "m"
  03 02 01 00                                ; functions: one of that type
  07 05 01 01 66 00 00                       ; export: it, as "f"
  0a a2 01 01 9f 01                          ; code: one body
  02 02 7f 02 7b                             ; locals: two numbers, two vectors
  03 40                                      ; loop over the vectors
    fd 0c 00 00 00 00 00 00 00 00            ;   zero, eight bytes of it
          00 00 00 00 00 00 00 00            ;   and eight more
    22 08 21 07                              ;   into both sums
    20 02 21 05                              ;   place = query
    20 00 20 03 6a 21 06                     ;   end = vectors + size
    03 40                                    ;   loop over eight numbers each
      20 07 20 00 fd 00 04 00                ;     first sums; four of the vector
      20 05 fd 00 04 00                      ;     four of the query
      fd e6 01 fd e4 01 21 07                ;     multiply, add
      20 08 20 00 fd 00 04 10                ;     second sums; the next four
      20 05 fd 00 04 10                      ;     of both
      fd e6 01 fd e4 01 21 08                ;     multiply, add
      20 05 41 20 6a 21 05                   ;     place += 32
      20 00 41 20 6a 22 00                   ;     vectors += 32
      20 06 49 0d 00 0b                      ;     again while vectors < end
    20 04                                    ;   at products:
    20 07 20 08 fd e4 01 22 07               ;   add both sums
    fd 1f 00 20 07 fd 1f 01 92               ;   the first two of the four
    20 07 fd 1f 02 92 20 07 fd 1f 03 92      ;   and the others
    38 02 00                                 ;   store
    20 04 41 04 6a 21 04                     ;   products += 4
    20 01 41 01 6b 22 01                     ;   count -= 1
    0d 00 0b                                 ;   again while count > 0
  0b                                         ; end
`;

/** For vectors in `memory`. Falls back to JavaScript on a processor that has no such instructions. */
export function createMultiply(memory: WasmMemory): Multiply {
  try {
    const instance = new wasm.Instance(new wasm.Module(toBytes(PROGRAM)), { e: { m: memory } });
    const run = instance.exports['f'] as (...numbers: number[]) => void;
    return ({ vectors, count, query, size, products }) => {
      // The loop has its end at the end: it would run once for nothing.
      if (count > 0) run(vectors, count, query, size, products);
    };
  } catch (error) {
    if (error instanceof wasm.CompileError) return createPlainMultiply(memory);
    throw error;
  }
}

/** The same in JavaScript. */
export function createPlainMultiply(memory: WasmMemory): Multiply {
  return ({ vectors, count, query, size, products }) => {
    const width = size / 4;
    const factors = Float64Array.from(new Float32Array(memory.buffer, query, width));
    const numbers = new Float32Array(memory.buffer, vectors, width * count);
    const into = new Float32Array(memory.buffer, products, count);
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      // An addition to one sum waits for the one before it; additions to two do not.
      let one = 0;
      let two = 0;
      for (let place = 0; place < width; place += 2, at += 2) {
        one += (numbers[at] ?? 0) * (factors[place] ?? 0);
        two += (numbers[at + 1] ?? 0) * (factors[place + 1] ?? 0);
      }
      into[index] = one + two;
    }
  };
}

function toBytes(listing: string): Uint8Array<ArrayBuffer> {
  const codes = listing.split('\n').flatMap((line) => line.split(';')[0]?.match(/[0-9a-f]{2}/g) ?? []);
  return Uint8Array.from(codes, (code) => Number.parseInt(code, 16));
}
