import type { z } from 'zod';

/** A setting is missing or wrong; the message names each by its path and says what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses and freezes one room's settings. Throws `ConfigError`. `room` heads the message. */
export function parseConfig<Schema extends z.ZodType>(
  room: string,
  schema: Schema,
  values: unknown,
): Readonly<z.output<Schema>> {
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${[room, ...issue.path].join('.')}: ${issue.message}`);
    throw new ConfigError(`These settings are wrong:\n${lines.join('\n')}`);
  }
  return Object.freeze(parsed.data);
}
