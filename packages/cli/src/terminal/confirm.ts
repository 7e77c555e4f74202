import { createInterface } from 'node:readline/promises';
import type { SecretTerminal } from './read-secret-lines.ts';

/** Whether a person at the keyboard says yes; Ctrl+C, Ctrl+D and what is no keyboard say no. */
export async function confirm(question: string, { input, output }: SecretTerminal): Promise<boolean> {
  if (input.isTTY !== true) return false;
  const reader = createInterface({ input, output, terminal: true });
  try {
    return /^(?:y|yes|是|好)$/i.test((await reader.question(question)).trim());
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    reader.close();
  }
}
