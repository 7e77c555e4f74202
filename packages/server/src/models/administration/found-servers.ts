import type { FoundServers, ModelProvider } from '@parley/contracts';
import { callHttp } from '@parley/service-kit';

/** A server that is loading a model answers late; most ports refuse at once. */
const LIMIT_MS = 1_500;
const MOST_BYTES = 64 * 1024;
/** Nothing but this machine is ever probed. */
const HOST = '127.0.0.1';

export interface ServerSearch {
  providers: readonly ModelProvider[];
  /** In place of the presets' ports, by provider. */
  ports: Readonly<Record<string, readonly number[]>>;
  /** Parley's own, which answer like the servers that are looked for. */
  ownPorts: ReadonlySet<number>;
}

type FoundServer = FoundServers['servers'][number];

/** What answers on this machine's loopback at the ports of known servers, in the order of the presets. */
export async function findServers({ providers, ports, ownPorts }: ServerSearch): Promise<FoundServer[]> {
  const places = providers.flatMap((provider) => {
    const candidates = ports[provider.id] ?? provider.localServer?.ports ?? [];
    return candidates.filter((port) => !ownPorts.has(port)).map((port) => ({ provider, port }));
  });
  const found = (await Promise.all(places.map(async (place) => ((await answersAs(place)) ? [place] : [])))).flat();
  // One port is one server: who says its own name goes before who was known by a path alone.
  const best = new Map<number, Place>();
  for (const place of found) {
    const other = best.get(place.port);
    if (other === undefined || (namesItself(place) && !namesItself(other))) best.set(place.port, place);
  }
  return found.filter((place) => best.get(place.port) === place).map(toFound);
}

interface Place {
  provider: ModelProvider;
  port: number;
}

const namesItself = ({ provider }: Place): boolean => Boolean(provider.localServer?.marker);

function toFound({ provider, port }: Place): FoundServer {
  const path = provider.baseUrl === null ? '/v1' : new URL(provider.baseUrl).pathname.replace(/\/+$/, '');
  return { provider: provider.id, label: provider.label, base_url: `http://${HOST}:${port}${path}` };
}

async function answersAs({ provider, port }: Place): Promise<boolean> {
  const probe = provider.localServer;
  if (probe === null) return false;
  const body = await readStart(`http://${HOST}:${port}${probe.path}`);
  return body !== null && (probe.marker === null || body.includes(probe.marker));
}

/** The first bytes of what is answered with 200; null for everything else: most ports are closed. */
async function readStart(url: string): Promise<string | null> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    const { status, body } = await callHttp({ url, method: 'GET', signal }, 'url_unreachable');
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= MOST_BYTES) break;
    }
    return status === 200 ? Buffer.concat(pieces).toString('utf8', 0, MOST_BYTES) : null;
  } catch {
    return null;
  }
}
