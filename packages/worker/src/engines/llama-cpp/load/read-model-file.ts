import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { GgufInsights, readGgufFileInfo, type Llama } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';
import { unreadable } from './load-failure.ts';

const MAGIC = 'GGUF';

/** What the head of a model's file says. Throws `model_file_missing` and `model_file_unreadable`. */
export async function readModelFile(path: string, llama: Llama): Promise<GgufInsights> {
  await checkFile(path);
  try {
    const info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
    return await GgufInsights.from(info, llama);
  } catch (error) {
    throw unreadable(`The file ${basename(path)} is damaged or cut off; download it again.`, error);
  }
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new ParleyError('model_file_missing', `There is no model file at ${path}.`);
  if (!found.isFile()) throw unreadable(`${path} is not a file.`);
  const magic = await firstBytes(path);
  if (magic !== MAGIC) throw unreadable(`The file ${basename(path)} is no GGUF model.`);
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(`The file ${basename(path)} may not be opened.`, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
