import type { Command } from 'commander';
import { localSettingsSchema, type LocalSettings } from '@parley/contracts';
import { CommandError } from '../command-context.ts';
import { byteSizeSchema } from '../settings/byte-size.ts';
import type { Messages } from '../terminal/messages.ts';

/** How a local model runs, as it is typed. */
export interface LocalOptions {
  contextLength?: string;
  parallel?: string;
  threads?: string;
  numGpus?: string;
  maxGpuMemory?: string;
  gpuLayers?: string;
}

/** Adds the options to a command. */
export function withLocalOptions(command: Command, { models: { help } }: Messages): Command {
  return command
    .option('--context-length <tokens>', help.contextLength)
    .option('--parallel <count>', help.parallel)
    .option('--threads <count>', help.threads)
    .option('--num-gpus <count>', help.numGpus)
    .option('--max-gpu-memory <size>', help.maxGpuMemory)
    .option('--gpu-layers <layers>', help.gpuLayers);
}

/** The settings with what was typed in the place of `before`; `auto` leaves it to the worker again. Throws `CommandError` for what is no number. */
export function toLocalSettings(
  options: LocalOptions,
  say: Messages,
  before: LocalSettings = localSettingsSchema.parse({}),
): LocalSettings {
  const number = (option: string, text: string | undefined, current: number | null) =>
    text === 'auto' ? null : (toWholeNumber(option, text, say) ?? current);
  const { gpuLayers, maxGpuMemory } = options;
  const layers =
    gpuLayers === 'max' || gpuLayers === 'auto' ? gpuLayers : toWholeNumber('--gpu-layers', gpuLayers, say);
  return {
    context_length: number('--context-length', options.contextLength, before.context_length),
    parallel: number('--parallel', options.parallel, before.parallel),
    threads: number('--threads', options.threads, before.threads),
    num_gpus: number('--num-gpus', options.numGpus, before.num_gpus),
    max_gpu_memory_bytes: maxGpuMemory === 'auto' ? null : (toBytes(maxGpuMemory, say) ?? before.max_gpu_memory_bytes),
    gpu_layers: layers ?? before.gpu_layers,
  };
}

/** Null when nothing was typed. Throws `CommandError` for what is no whole number. */
export function toWholeNumber(option: string, text: string | undefined, say: Messages): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new CommandError(say.models.wrongNumber(option, text));
  return Number(text);
}

function toBytes(text: string | undefined, say: Messages): number | null {
  if (text === undefined) return null;
  const size = byteSizeSchema.safeParse(text);
  if (size.success) return size.data;
  throw new CommandError(say.models.wrongSize('--max-gpu-memory', text));
}
