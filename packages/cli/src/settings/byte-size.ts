import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size of memory: bytes as a number, or with a unit, such as "8GiB" or "8 GB". */
export const byteSizeSchema = z.union([z.number().int().positive(), z.string()]).transform((size, context) => {
  const bytes = typeof size === 'number' ? size : toBytes(size);
  if (bytes !== null) return bytes;
  context.addIssue({ code: 'custom', message: `"${size}" is no size; write bytes, or a unit with it, such as 8GiB` });
  return z.NEVER;
});

function toBytes(text: string): number | null {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  const bytes = Math.floor(Number(number) * (factor ?? 0));
  return bytes > 0 ? bytes : null;
}
