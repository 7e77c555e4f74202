import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer, type ToolCalls } from '@parley/server/mcp';
import { requireRunningSystem } from '../client/running-system.ts';
import type { ToolClient } from '../client/tool-client.ts';
import type { CommandContext } from '../command-context.ts';

/**
 * `parley mcp`: the running system's knowledge bases as an MCP server on standard input and output,
 * until the input ends. Nothing else is ever printed there. Throws when nothing runs.
 */
export async function mcp(context: CommandContext): Promise<void> {
  const calls = callsThrough(requireRunningSystem(context).tools);
  // What a client says wrongly is answered on the wire; here it is only for who looks for a reason.
  serveStdio(() => createMcpServer(calls), { onerror: (error) => console.error(error.message) });
}

/** The tools are done by the running system, which has the documents. */
function callsThrough(client: ToolClient): ToolCalls {
  return {
    search: (input, signal) => client.call('search', input, signal),
    fetch: (input, signal) => client.call('fetch', input, signal),
  };
}
