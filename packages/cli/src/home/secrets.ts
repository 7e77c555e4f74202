import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '@parley/service-kit/config';

const secretsSchema = z.object({ installation_secret: z.string().min(32) });

/** Reads the installation's secret, making it at the first start (32 random bytes, file mode 0600). */
export function loadOrCreateSecret(secretsFile: string): string {
  const existing = loadSecret(secretsFile);
  if (existing !== null) return existing;
  const secret = randomBytes(32).toString('base64url');
  writeFileSync(secretsFile, `${JSON.stringify({ installation_secret: secret })}\n`, { mode: 0o600, flag: 'wx' });
  return secret;
}

/** The installation's secret, or null before the first start. Throws `ConfigError` when the file is damaged. */
export function loadSecret(secretsFile: string): string | null {
  if (!existsSync(secretsFile)) return null;
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(secretsFile, 'utf8'))).installation_secret;
  } catch (error) {
    throw new ConfigError(`${secretsFile} is damaged; restore it from a backup or delete it to make a new one.`, {
      cause: error,
    });
  }
}
