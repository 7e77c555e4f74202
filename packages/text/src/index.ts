export { detectLanguage, type Language } from './detect-language.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { countCjk } from './scripts.ts';
export { splitBlocks, type MarkdownBlock } from './markdown-blocks.ts';
export { splitSentences, type Span } from './split-sentences.ts';
export { toSearchTerms } from './to-search-terms.ts';
