export { writeTinyEmbedding } from './bert/write-tiny-embedding.ts';
export { writeTinyReranker } from './bert/write-tiny-reranker.ts';
export { writeBrokenModels, type BrokenModels } from './broken-models.ts';
export { expectedAnswer, programs, type Program, type Verses } from './chat/programs.ts';
export { writeSplitTinyChat, writeTinyChat, type TinyChatOptions } from './chat/write-tiny-chat.ts';
export { randomLlamaSizes, writeRandomLlama, type RandomLlamaOptions } from './random-llama.ts';
export { tinyModels, type TinyModels } from './tiny-models.ts';
