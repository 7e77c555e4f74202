import { z } from 'zod';

const milliseconds = () => z.number().int().positive();

/** How long is waited for what; each has its own clock, and none is prolonged by a keep-alive. */
export const clocksSchema = z.object({
  connect_ms: milliseconds()
    .default(3_000)
    .describe('For the connection to a worker, in ms; rounded up by as much as a second.'),
  headers_ms: milliseconds()
    .default(600_000)
    .describe(
      'From the request to the headers of the answer, which come with its first text, or with all of it, in ms.',
    ),
  first_content_ms: milliseconds().default(300_000).describe('From the headers to the first piece of text, in ms.'),
  between_contents_ms: milliseconds().default(120_000).describe('Between two pieces of text, in ms.'),
  total_ms: milliseconds().default(3_600_000).describe('For the whole request, the wait in the queue included, in ms.'),
});
export type ClockSettings = z.output<typeof clocksSchema>;

/** Settings of the gateway process, the OpenAI-compatible API. */
export const gatewayConfigSchema = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address that the API listens on.'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(20_000)
    .describe('Port that the API listens on; 0 takes a free one.'),
  secret: z
    .string()
    .regex(/^\S+$/, 'must be there and hold no spaces')
    .describe('The secret of this installation; known to all its processes.'),
  controller_url: z.url({ protocol: /^https?$/ }).describe('Where the controller is.'),
  server_url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null)
    .describe('Where the application server is, which has the files and vector stores; null: none are offered.'),
  api_keys: z
    .array(z.string().regex(/^\S+$/, 'must hold no spaces'))
    .default([])
    .describe('Keys that callers may use. When there are none, every program on this machine may call, and no other.'),
  cors_origins: z
    .array(z.string().min(1))
    .default([])
    .describe('Web pages that may call from a browser, as origins; "*" allows all.'),
  body_limit_bytes: z
    .number()
    .int()
    .positive()
    .default(32 * 1024 * 1024)
    .describe('Largest request, in bytes.'),
  clocks: clocksSchema.prefault({}).describe('Time limits of a request.'),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('How much is logged.'),
});
export type GatewayConfig = z.output<typeof gatewayConfigSchema>;
/** Settings as they are written: what has a default may be left out. */
export type GatewaySettings = z.input<typeof gatewayConfigSchema>;
