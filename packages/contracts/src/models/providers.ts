import type { ModelProvider } from './model-provider.ts';
import { CHINESE_VENDORS } from './providers/chinese-vendors.ts';
import { FIRST_VENDORS } from './providers/first-vendors.ts';
import { FURTHER_VENDORS } from './providers/further-vendors.ts';
import { LOCAL_SERVERS } from './providers/local-servers.ts';

/** The vendors and servers that Parley knows, in the order in which the page offers them. */
export const MODEL_PROVIDERS: readonly ModelProvider[] = [
  ...FIRST_VENDORS,
  ...CHINESE_VENDORS,
  ...FURTHER_VENDORS,
  ...LOCAL_SERVERS,
];

/** The provider of a name in settings or rows; undefined for an unknown one. */
export function providerNamed(id: string): ModelProvider | undefined {
  return MODEL_PROVIDERS.find((provider) => provider.id === id);
}

/** The vendor that speaks OpenAI's wire at this host; undefined for any other address. */
export function vendorAt(address: string): ModelProvider | undefined {
  const host = URL.parse(address)?.host;
  const isThere = ({ baseUrl }: ModelProvider) => baseUrl !== null && new URL(baseUrl).host === host;
  return MODEL_PROVIDERS.find((one) => one.engine === 'openai-compatible' && one.localServer === null && isThere(one));
}

/**
 * The providers whose keys look like this one, best first; empty when the form tells nothing. Where
 * there are several, only a person can say which: a key is not to be tried at one vendor after another.
 */
export function providersOfKey(key: string): ModelProvider[] {
  return MODEL_PROVIDERS.filter(({ keyPattern }) => keyPattern?.test(key.trim()));
}
