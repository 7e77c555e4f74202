import { pino, type Logger } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * A logger that writes JSON lines to standard output. Headers that carry secrets are cut out
 * wherever an error object brings them along.
 */
export function createLogger(service: string, level: LogLevel): Logger {
  return pino({
    level,
    base: { service },
    redact: {
      paths: ['*.authorization', '*.cookie', '*.headers.authorization', '*.headers.cookie', '*.apiKey', '*.secret'],
      censor: '[hidden]',
    },
  });
}
