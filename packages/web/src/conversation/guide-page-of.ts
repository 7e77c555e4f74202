import type { LocaleName } from '../locales/create-i18n.ts';

const pages: Record<string, string> = { zhipu: 'connect-zhipu-glm', extractive: 'getting-started' };

/** The document of the built-in guide that says how models of an engine are connected. */
export function guidePageOf(engine: string, locale: LocaleName): string {
  return `guide-${locale}-${pages[engine] ?? 'connect-openai-compatible'}`;
}
