import { z } from 'zod';
import { controllerConfigSchema } from '@parley/controller/config';
import { gatewayConfigSchema } from '@parley/gateway/config';
import { serverConfigSchema } from '@parley/server/config';
import { checkModels, modelSettingsSchema } from './model-settings.ts';

/** What the launcher fills in by itself; never written by hand. */
const FILLED_IN = { secret: true, log_level: true } as const;

const hostSchema = z.string().min(1);
const portSchema = z.number().int().min(1).max(65_535);

/**
 * `parley.config.yaml`, whole. Each room's part is the room's own schema, less what the launcher
 * knows better (secrets, addresses of neighbours). Unknown names are refused, with their path.
 */
export const settingsSchema = z.strictObject({
  home: z.string().min(1).default('data').describe('Folder of all data; relative to the checkout'),
  language: z.enum(['auto', 'en', 'zh']).default('auto').describe("The terminal's language; auto follows LANG"),
  log_level: z.enum(['debug', 'info', 'warn', 'error']).default('warn').describe('Least level that is logged'),
  launcher: z
    .strictObject({
      start_timeout_ms: z.number().int().positive().default(30_000).describe('Time for one process to start'),
      load_timeout_ms: z
        .number()
        .int()
        .positive()
        .default(600_000)
        .describe('Longest silence of a local model while its file is read'),
      stop_grace_ms: z
        .number()
        .int()
        .nonnegative()
        .default(10_000)
        .describe('Time for running answers to finish at stop'),
      restart_delay_ms: z.number().int().positive().default(100).describe('Pause before the first restart; doubles'),
      restart_delay_limit_ms: z.number().int().positive().default(10_000).describe('Longest pause between restarts'),
    })
    .prefault({}),
  controller: controllerConfigSchema
    .omit({ ...FILLED_IN, expected_models: true })
    .strict()
    .prefault({}),
  gateway: gatewayConfigSchema
    .omit({ ...FILLED_IN, controller_url: true, server_url: true })
    .strict()
    .prefault({}),
  workers: z
    .strictObject({
      host: hostSchema.default('127.0.0.1').describe('Address that workers listen on'),
      first_port: portSchema.default(20_002).describe('Port of the first worker; the others take the next free ones'),
    })
    .prefault({}),
  server: serverConfigSchema
    .omit({
      ...FILLED_IN,
      home: true,
      web_root: true,
      guide_root: true,
      gateway_url: true,
      catalogue: true,
      stop_grace_ms: true,
    })
    .strict()
    .prefault({}),
  models: z
    .array(modelSettingsSchema)
    .superRefine(checkModels)
    .default([])
    .describe('Models beside the built-in guide; when empty, well-known online ones wait for their keys'),
});
export type Settings = z.output<typeof settingsSchema>;
