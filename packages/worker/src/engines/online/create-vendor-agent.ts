import { Agent } from 'undici';

/** An agent for calls over the internet. Silence has its own clock, so undici's two are off. */
export function createVendorAgent(): Agent {
  return new Agent({ connect: { timeout: 10_000 }, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 });
}
