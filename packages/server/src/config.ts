import { z } from 'zod';
import { catalogueModelSchema } from '@parley/contracts';

const hubUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => url.replace(/\/+$/, ''));
const port = z.number().int().min(0).max(65_535);

/** Settings of the application server, as the launcher hands them over. */
export const serverConfigSchema = z.object({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on; a loopback one keeps Parley on this machine'),
  port: port.default(8000).describe('Port to listen on; 0 takes a free one'),
  secret: z.string().min(16).describe('The secret of this installation; as a bearer token it is its owner'),
  home: z.string().min(1).describe('Folder that holds the database and its backups'),
  web_root: z.string().nullable().default(null).describe('Folder of the built page; the server runs without it too'),
  guide_root: z.string().nullable().default(null).describe('Folder of the user guide, one folder per language'),
  gateway_url: z.url({ protocol: /^https?$/ }).describe('Base URL of the gateway'),
  catalogue: z.array(catalogueModelSchema).default([]).describe('The configured models, in the order of the picker'),
  body_limit_bytes: z
    .number()
    .int()
    .positive()
    .default(2 * 1024 * 1024)
    .describe('Largest request body, in bytes'),
  memory_turns: z.number().int().nonnegative().default(10).describe('Most earlier questions that an answer remembers'),
  memory_tokens: z.number().int().nonnegative().default(2000).describe('Most tokens that the memory may take'),
  stop_grace_ms: z.number().int().nonnegative().default(10_000).describe('How long answers may finish when it stops'),
  session_days: z.number().int().min(1).default(30).describe('How long a browser stays signed in, in days'),
  allowed_hosts: z.array(z.string().min(1)).default([]).describe('Further host names that browsers reach it by'),
  chroma_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('Address of a Chroma server, for the knowledge bases that choose it'),
  chroma_token: z.string().min(1).nullable().default(null).describe('What that server asks for as x-chroma-token'),
  embedding_model: z
    .string()
    .min(1)
    .max(256)
    .nullable()
    .default(null)
    .describe('Model that embeds the files dropped into a chat; without one they are searched by words'),
  allow_private_pages: z
    .boolean()
    .default(false)
    .describe('Whether pages of the private network may be added to knowledge bases'),
  local_server_ports: z
    .record(z.string(), z.array(port).max(16))
    .default({})
    .describe('Where local model servers are looked for, by provider; the usual ports of those left out'),
  hub_endpoint: hubUrl.default('https://huggingface.co').describe('Where models are fetched from'),
  hub_mirrors: z.array(hubUrl).max(16).default([]).describe('Tried in turn when that does not answer'),
  hub_token: z
    .string()
    .regex(/^\S+$/, 'must hold no spaces')
    .nullable()
    .default(null)
    .describe('For models that ask who is there; sent to that endpoint alone'),
  log_level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
});
export type ServerConfig = z.output<typeof serverConfigSchema>;
export type ServerConfigInput = z.input<typeof serverConfigSchema>;
