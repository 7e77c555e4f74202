import { POISONED_CHINESE } from './poisoned-chinese.ts';
import type { PoisonedDocument } from './poisoned-document.ts';
import { POISONED_ENGLISH } from './poisoned-english.ts';

export { attack, toChunks, type AttackResult } from './attack.ts';
export { createGullibleModel } from './gullible-model.ts';
export type { PoisonedDocument } from './poisoned-document.ts';

/** All of them, English first. */
export const POISONED_DOCUMENTS: readonly PoisonedDocument[] = [...POISONED_ENGLISH, ...POISONED_CHINESE];
