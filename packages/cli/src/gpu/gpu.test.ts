import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { gpu } from '../commands/gpu.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';
import { findGpu } from './find-gpu.ts';
import { BinaryFolder } from './gpu-binaries.ts';
import type { NpmInstall } from './npm-install.ts';

const LINUX = { platform: 'linux', arch: 'x64' };
const CUDA = ['linux-x64-cuda', 'linux-x64-cuda-ext'];

let root: string;
let modules: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-gpu-'));
  modules = join(root, 'node_modules');
  writePackage(join(modules, 'node-llama-cpp'), 'node-llama-cpp');
  writePackage(join(root, 'scripts', 'no-binary'), 'no-binary', '0.0.0');
  mkdirSync(join(modules, '@node-llama-cpp'));
  for (const name of [...CUDA, 'linux-x64-vulkan']) symlinkSync('../../scripts/no-binary', place(name));
});

const place = (name: string) => join(modules, '@node-llama-cpp', name);

function writePackage(folder: string, name: string, version = '3.21.1'): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }));
}

/** FAKE npm: writes the packages that are ordered, and keeps the order. */
class FakeNpm {
  readonly orders: NpmInstall[] = [];
  fails = false;

  readonly install = async (order: NpmInstall) => {
    this.orders.push(order);
    for (const spec of order.packages) {
      const [, name = '', version = ''] = /^@node-llama-cpp\/(.+)@(.+)$/.exec(spec) ?? [];
      writePackage(join(order.prefix, 'node_modules', '@node-llama-cpp', name), `@node-llama-cpp/${name}`, version);
      if (this.fails) throw new Error('E404 Not Found');
    }
  };
}

/** Runs `parley gpu` and answers what it printed. */
async function run(kind: string, npm = new FakeNpm(), machine = LINUX): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const loaded = loadSettings({ root, environment: {}, say: english });
  try {
    await gpu({ root, loaded, say: english }, kind, { machine, install: npm.install });
    return lines.join('\n');
  } finally {
    log.mockRestore();
  }
}

const hasCuda = () => new BinaryFolder(root).has({ packages: CUDA });
const scratch = () => readdirSync(modules).filter((name) => name.startsWith('.parley-gpu'));

describe('parley gpu', () => {
  it('puts the binaries of exactly the installed version in the place of the stubs', async () => {
    const npm = new FakeNpm();
    expect(hasCuda()).toBe(false);
    expect(await run('cuda', npm)).toContain('about 540 MB');
    expect(npm.orders.map(({ packages }) => packages)).toEqual([
      ['@node-llama-cpp/linux-x64-cuda@3.21.1', '@node-llama-cpp/linux-x64-cuda-ext@3.21.1'],
    ]);
    expect(hasCuda()).toBe(true);
    expect(existsSync(join(root, 'scripts', 'no-binary', 'package.json'))).toBe(true);
    expect(scratch()).toEqual([]);
  });

  it('fetches nothing that is there', async () => {
    await run('cuda');
    const npm = new FakeNpm();
    expect(await run('cuda', npm)).toContain('there already');
    expect(npm.orders).toEqual([]);
  });

  it('fetches anew what is of another version', async () => {
    await run('cuda');
    writePackage(join(modules, 'node-llama-cpp'), 'node-llama-cpp', '3.22.0');
    expect(hasCuda()).toBe(false);
    await run('cuda');
    expect(hasCuda()).toBe(true);
  });

  it('leaves everything as it was when npm fails, and says its words', async () => {
    const npm = new FakeNpm();
    npm.fails = true;
    await expect(run('cuda', npm)).rejects.toThrow('nothing has changed: E404 Not Found');
    expect(CUDA.map((name) => lstatSync(place(name)).isSymbolicLink())).toEqual([true, true]);
    expect(scratch()).toEqual([]);
  });

  it('puts the stubs back for "none"', async () => {
    await run('cuda');
    expect(await run('none')).toContain('are gone');
    expect(CUDA.map((name) => readlinkSync(place(name)))).toEqual(CUDA.map(() => '../../scripts/no-binary'));
    expect(hasCuda()).toBe(false);
    expect(await run('none')).toContain('no GPU binaries');
  });

  it.each([
    ['steam', LINUX, 'choose cuda, vulkan or none'],
    ['cuda', { platform: 'darwin', arch: 'arm64' }, 'no cuda binary for darwin-arm64'],
  ])('refuses %s', async (kind, machine, message) => {
    await expect(run(kind, new FakeNpm(), machine)).rejects.toThrow(message);
  });
});

describe('the GPU of a machine', () => {
  const machine = (files: string[], path = '/usr/bin') => ({
    path,
    exists: (file: string) => files.includes(file),
    list: (folder: string) =>
      files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1)),
  });

  it.each([
    ['NVIDIA’s by its device', ['/dev/nvidia0', '/dev/dri/renderD128'], 'cuda'],
    ['NVIDIA’s by its tool', ['/usr/bin/nvidia-smi'], 'cuda'],
    ['another by what renders', ['/dev/dri/card0', '/dev/dri/renderD128'], 'vulkan'],
    ['none where only a screen is', ['/dev/dri/card0'], null],
    ['none', [], null],
  ])('is %s', (_, files, kind) => {
    expect(findGpu(machine(files))).toBe(kind);
  });
});
