export { ChromaServer, hasChroma } from './chroma-server.ts';
export { collect } from './collect.ts';
export { endOf, ScriptedCompletion } from './scripted-completion.ts';
export { attack, createGullibleModel, POISONED_DOCUMENTS, type PoisonedDocument } from './red-team/index.ts';
export { makeDocx, makePptx, makeXlsx, slideShape, wordParagraph } from '../documents/formats/testing/make-office.ts';
export { hanAt, linesAt, writePdf } from '../documents/pdf/testing/write-pdf.ts';
export { seededRandom } from './random-text.ts';
