export type { GgufPooling } from './guess-purpose.ts';
export type { GgufValue } from './parse-gguf-header.ts';
export { readModelHeader, requireNamedPart } from './read-model-header.ts';
export { readGgufHeader, whatElse, type GgufHeader } from './read-gguf-header.ts';
