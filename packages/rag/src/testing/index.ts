export { ChromaServer, hasChroma } from './chroma-server.ts';
export { collect } from './collect.ts';
export { endOf, ScriptedCompletion } from './scripted-completion.ts';
export { attack, createGullibleModel, POISONED_DOCUMENTS, type PoisonedDocument } from './red-team/index.ts';
