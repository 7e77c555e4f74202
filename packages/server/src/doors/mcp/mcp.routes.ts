import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readerGone } from '@parley/service-kit';
import { accountOf } from '../../accounts/authenticate.ts';
import type { ToolCalls } from './create-mcp-server.ts';
import type { Asker } from './knowledge-tools.ts';

/** A call is a question or an id; whoever sends more at once is not served faster. */
const MOST_BODY_BYTES = 64 * 1024;

export interface McpDoor {
  callsFor(asker: Asker): ToolCalls;
}

/**
 * `/mcp`: the knowledge bases as an MCP server over streamable HTTP. Nothing is kept between
 * requests; the package comes with the first of them.
 */
export function mcpRoutes(app: FastifyInstance, doors: { mcp: McpDoor }): void {
  app.removeAllContentTypeParsers();
  // As text: what is no JSON is answered in the protocol's words.
  const options = { parseAs: 'string', bodyLimit: MOST_BODY_BYTES } as const;
  app.addContentTypeParser('*', options, (_request, body, done) => done(null, body));
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer realm="Parley"');
  });
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    exposeHeadRoute: false,
    handler: (request, reply) => serve(request, reply, doors.mcp),
  });
}

async function serve(request: FastifyRequest, reply: FastifyReply, door: McpDoor): Promise<FastifyReply> {
  const asker = { userId: accountOf(request).id, origin: originOf(request) };
  const { createMcpHandler } = await import('@modelcontextprotocol/server');
  const { createMcpServer } = await import('./create-mcp-server.ts');
  // The tools are always the same two: a stream that tells of changes would be open for nothing.
  const handler = createMcpHandler(() => createMcpServer(door.callsFor(asker)), { maxSubscriptions: 0 });
  return reply.send(await handler.fetch(toWebRequest(request, { asker, signal: readerGone(reply) })));
}

function toWebRequest(
  { method, headers, body }: FastifyRequest,
  { asker, signal }: { asker: Asker; signal: AbortSignal },
): Request {
  const passed = Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string');
  const content = typeof body === 'string' ? { body } : {};
  return new Request(`${asker.origin}/mcp`, { method, headers: passed, signal, ...content });
}

/** Where the asker reaches this server, as they say themselves; links are made of it for nobody else. */
function originOf({ headers, protocol }: FastifyRequest): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : protocol;
  return URL.parse(`${scheme}://${headers.host ?? ''}`)?.origin ?? 'http://localhost';
}
