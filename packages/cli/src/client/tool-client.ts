import { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import type { AppConnection } from './app-connection.ts';
import { readEvents } from './read-events.ts';

const answerSchema = z.object({
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
      structuredContent: z.record(z.string(), z.unknown()).optional(),
      isError: z.boolean().optional(),
    })
    .optional(),
});
/** What a tool answered. */
export type ToolResult = NonNullable<z.output<typeof answerSchema>['result']>;

/** The tools of the running system's MCP server. Throws `ParleyError`. */
export class ToolClient {
  readonly #connection: AppConnection;

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  async call(name: string, input: object, signal: AbortSignal): Promise<ToolResult> {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } };
    const headers = { accept: 'application/json, text/event-stream' };
    const answer = await this.#connection.call({ url: '/mcp', body, headers, signal });
    for await (const { data } of readEvents(answer.body)) {
      const { result, error } = answerSchema.parse(JSON.parse(data));
      if (result) return result;
      throw new ParleyError('provider_failed', error?.message ?? 'The tool gave no answer.');
    }
    throw new ParleyError('stream_interrupted', 'The answer of the tool broke off before it was complete.');
  }
}
