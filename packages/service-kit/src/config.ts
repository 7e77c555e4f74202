import type { z } from 'zod';

/** A setting is missing or wrong; the message names each by its path and says what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line for each wrong setting, where the message is made of such lines. */
  readonly lines: readonly string[];

  constructor(message: string, { lines = [], ...options }: ErrorOptions & { lines?: readonly string[] } = {}) {
    super([message, ...lines].join('\n'), options);
    this.lines = lines;
  }
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
    throw new ConfigError('These settings are wrong:', { lines });
  }
  return Object.freeze(parsed.data);
}
