import { createAgent, type HttpAgent } from '@parley/service-kit';

/** An agent for calls over the internet, where a connection may take its time. */
export function createVendorAgent(): HttpAgent {
  return createAgent({ connectTimeoutMs: 10_000 });
}
