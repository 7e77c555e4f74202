export { CharacterMaps } from './character-maps.ts';
export { detectLanguage, type Language } from './detect-language.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { CJK, countCjk } from './scripts.ts';
export { splitBlocks, type MarkdownBlock } from './markdown-blocks.ts';
export { splitSentences, type Span } from './split-sentences.ts';
export { stemWord } from './stem-word.ts';
export { toSearchTerms } from './to-search-terms.ts';
