import { z } from 'zod';

const headingsSchema = z.array(z.string());

export function toHeadings(json: string): string[] {
  return headingsSchema.parse(JSON.parse(json));
}
