import { ParleyError } from '@parley/contracts';
import { openText, sealText } from '@parley/service-kit';
import type { ModelConnectionTable } from '../../database/schema.ts';

/** Letters of a key that are shown, to tell two keys apart. */
const HINT_LENGTH = 4;
/** Of a shorter key the hint would give too much away. */
const SHORTEST_WITH_HINT = 12;

/** Seals and opens the keys of connections with the secret of the installation. */
export class ConnectionKeys {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The columns that hold a key. */
  seal(connectionId: string, key: string | null): Pick<ModelConnectionTable, 'sealed_key' | 'key_hint'> {
    if (key === null) return { sealed_key: null, key_hint: null };
    return { sealed_key: sealText(key, this.#optionsOf(connectionId)), key_hint: toHint(key) };
  }

  /** The key; null for a connection without. Throws `model_needs_key` for one that another secret sealed. */
  open({ id, name, sealed_key: sealed }: Pick<ModelConnectionTable, 'id' | 'name' | 'sealed_key'>): string | null {
    if (sealed === null) return null;
    try {
      return openText(sealed, this.#optionsOf(id));
    } catch (error) {
      throw new ParleyError('model_needs_key', unopened(name), { cause: error });
    }
  }

  /** Why the key of a connection cannot be used; null when it can. */
  problemOf(connection: ModelConnectionTable): string | null {
    try {
      this.open(connection);
      return null;
    } catch (error) {
      if (error instanceof ParleyError) return error.message;
      throw error;
    }
  }

  #optionsOf(connectionId: string) {
    return { secret: this.#secret, purpose: `key of the model connection ${connectionId}` };
  }
}

function toHint(key: string): string {
  return key.length < SHORTEST_WITH_HINT ? '…' : `…${key.slice(-HINT_LENGTH)}`;
}

function unopened(name: string): string {
  return `The key of "${name}" was stored under the secret of another installation and cannot be opened here. Enter the key again on the Models page.`;
}
