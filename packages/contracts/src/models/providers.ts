import type { ModelProvider } from './model-provider.ts';

/** The vendors and servers that Parley knows, in the order in which the page offers them. */
export const MODEL_PROVIDERS: readonly ModelProvider[] = [];

/** The provider of a name in settings or rows; undefined for an unknown one. */
export function providerNamed(id: string): ModelProvider | undefined {
  return MODEL_PROVIDERS.find((provider) => provider.id === id);
}

/** The providers whose keys look like this one, best first; empty when the form tells nothing. */
export function providersOfKey(key: string): ModelProvider[] {
  return MODEL_PROVIDERS.filter(({ keyPattern }) => keyPattern?.test(key.trim()));
}
