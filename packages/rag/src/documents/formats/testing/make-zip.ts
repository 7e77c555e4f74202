import { strToU8, zipSync, type Zippable } from 'fflate';

/** A real zip of texts and bytes, in the order given. */
export function makeZip(files: Record<string, string | Uint8Array>): Uint8Array {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return zipSync(Object.fromEntries(entries) as Zippable, { level: 6 });
}
