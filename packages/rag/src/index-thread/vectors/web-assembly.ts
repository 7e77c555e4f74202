/** What is used of `WebAssembly`, whose types come with those of a browser only. */
interface Wasm {
  Memory: new (pages: { initial: number; maximum: number }) => WasmMemory;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { exports: Record<string, unknown> };
  CompileError: ErrorConstructor;
}

/** Pages are of 64 KiB. */
export interface WasmMemory {
  /** Another one after each `grow`. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export const wasm: Wasm = Reflect.get(globalThis, 'WebAssembly');
