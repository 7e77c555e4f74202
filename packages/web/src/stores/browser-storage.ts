const PREFIX = 'parley.';

/** Reads what this browser remembers; null also where storage is forbidden. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Forgets all whose key begins so; for what must not outlive a session. */
export function forgetAll(prefix: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX + prefix)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept where storage is forbidden.
  }
}

/** Remembers a small thing in this browser; null forgets it. Full or forbidden storage is no error. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // A preference that is not kept is not worth a message.
  }
}
