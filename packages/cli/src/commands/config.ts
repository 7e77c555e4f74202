import { stringify } from 'yaml';
import type { CommandContext } from '../command-context.ts';

const SECRET_NAMES = new Set(['api_key', 'api_keys', 'secret', 'headers', 'chroma_token', 'hub_token']);
const HIDDEN = '[hidden]';

/** `parley config`: the settings in force, as the file would hold them, secrets hidden. */
export function printConfig({ loaded }: CommandContext): void {
  const { home: _home, ...settings } = loaded.settings;
  console.log(
    `# ${loaded.configFile ?? 'parley.config.yaml'}\n${stringify(hideSecrets({ home: loaded.home, ...settings }))}`.trimEnd(),
  );
}

/** A copy in which every value of a secret's name is replaced; empty ones show that nothing is set. */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  // An address may hold a name and a password.
  if (typeof value === 'string') return value.replace(/^([a-z]+:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET_NAMES.has(name) ? hide(inner) : hideSecrets(inner)]),
  );
}

function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(() => HIDDEN);
  return value ? HIDDEN : value;
}
