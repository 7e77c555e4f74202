import { CommandError, type CommandContext } from '../command-context.ts';
import { BinaryFolder, GPU_KINDS, gpuBinary, type GpuKind } from '../gpu/gpu-binaries.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';
import { installGpuBinary, NoRoomError, type InstallGpuBinary } from '../gpu/install-gpu-binary.ts';

const MEGABYTE = 1e6;

/** What a test may replace; all have defaults. */
export interface GpuSeams {
  machine?: { platform: string; arch: string };
  install?: InstallGpuBinary['install'];
}

/** `parley gpu cuda|vulkan|none`: brings llama.cpp's binary for a kind of GPU, or takes all such binaries away. */
export async function gpu(context: CommandContext, kind: string, seams: GpuSeams = {}): Promise<void> {
  const { machine = process } = seams;
  if (kind === 'none') return removeAll(context, machine);
  if (!isGpuKind(kind)) throw new CommandError(context.say.gpu.wrongKind(kind));
  const binary = gpuBinary(kind, machine);
  if (!binary) throw new CommandError(context.say.gpu.noneFor(kind, `${machine.platform}-${machine.arch}`));
  await bring(context, { kind, ...binary }, seams);
}

function isGpuKind(kind: string): kind is GpuKind {
  return GPU_KINDS.some((known) => known === kind);
}

async function bring(
  { root, loaded, say }: CommandContext,
  { kind, packages, sizeBytes }: { kind: GpuKind; packages: readonly string[]; sizeBytes: number },
  { install }: GpuSeams,
): Promise<void> {
  const binaries = new BinaryFolder(root);
  const { version } = binaries;
  if (version === null) throw new CommandError(say.gpu.notInstalled);
  if (binaries.has({ packages })) return console.log(say.gpu.alreadyThere(kind));
  console.log(say.gpu.fetching(packages, Math.round(sizeBytes / MEGABYTE)));
  const npm = loaded.environment['npm_execpath'];
  const progress = createProgress((megabytes) => say.gpu.progress(megabytes));
  const order = { binaries, version, packages, sizeBytes, npm, onProgress: progress.show };
  try {
    // Ctrl+C reaches npm, too; what it left is removed before this process ends.
    await untilInterrupted(() => installGpuBinary({ ...order, ...(install && { install }) }));
  } catch (error) {
    throw new CommandError(whyNot(error, say), { cause: error });
  } finally {
    progress.end();
  }
  console.log(say.gpu.done(kind));
}

function whyNot(error: unknown, say: CommandContext['say']): string {
  if (error instanceof NoRoomError) return say.gpu.noRoom(Math.ceil(error.missingBytes / MEGABYTE));
  return say.gpu.failed((error as Error).message);
}

function removeAll({ root, say }: CommandContext, machine: { platform: string; arch: string }): void {
  const binaries = new BinaryFolder(root);
  const packages = GPU_KINDS.flatMap((kind) => gpuBinary(kind, machine)?.packages ?? []);
  const removed = packages.filter((name) => binaries.takeAway(name));
  console.log(removed.length > 0 ? say.gpu.removed : say.gpu.nothingToRemove);
}

/** A line that is written over on a terminal, and a new line for every hundred megabytes elsewhere. */
function createProgress(toLine: (megabytes: number) => string): { show: (bytes: number) => void; end: () => void } {
  const { stderr } = process;
  let told = 0;
  return {
    show(bytes) {
      const megabytes = Math.floor(bytes / MEGABYTE);
      if (stderr.isTTY) stderr.write(`\r${toLine(megabytes)} `);
      else if (megabytes >= told + 100) {
        told = megabytes;
        console.error(toLine(megabytes));
      }
    },
    end() {
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}
