import { MODEL_PROVIDERS, providerNamed, type ModelProvider } from '@parley/contracts';

/** The provider for servers that no preset knows. */
const ANY_SERVER = 'custom';

/** What a typed address leads to: the kind of server as far as its port or host tells, and where its API starts. */
export interface TypedAddress {
  provider: string;
  base_url: string;
  /** Of a server that no preset knows, its host; null where the preset's name says more. */
  name: string | null;
}

/** Reads an address as people type it, with or without `http://` and `/v1`; null for what is none. */
export function readAddress(typed: string): TypedAddress | null {
  const text = typed.trim();
  const url = /^\S+$/.test(text) ? URL.parse(/^[a-z][\w+.-]*:\/\//i.test(text) ? text : `http://${text}`) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const provider = MODEL_PROVIDERS.find((one) => isOf(one, url)) ?? providerNamed(ANY_SERVER);
  const id = provider?.id ?? ANY_SERVER;
  const name = id === ANY_SERVER ? url.host : null;
  return { provider: id, base_url: url.origin + pathOf(url, provider?.baseUrl ?? null), name };
}

/** Whoever types no path means the one where the API of such a server starts. */
function pathOf(url: URL, baseUrl: string | null): string {
  const typed = url.pathname.replace(/\/+$/, '');
  if (typed !== '') return typed;
  const known = baseUrl === null ? '/v1' : new URL(baseUrl).pathname;
  return known === '/' ? '' : known;
}

function isOf({ baseUrl, localServer }: ModelProvider, url: URL): boolean {
  if (localServer !== null) return localServer.ports.includes(Number(url.port));
  return baseUrl !== null && new URL(baseUrl).host === url.host;
}
