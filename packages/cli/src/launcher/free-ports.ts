import { createServer } from 'node:net';

/** Whether a port can be opened on `host` now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The first free port from `from` on. Throws when none is left. */
export async function nextFreePort(host: string, from: number): Promise<number> {
  for (let port = from; port <= 65_535; port += 1) {
    if (await isPortFree(host, port)) return port;
  }
  throw new Error(`No port from ${from} on is free on ${host}.`);
}
