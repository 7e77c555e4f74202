import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createHomeFolder, homeFolder, type HomeFolder } from './home-folder.ts';
import { readLauncherFile, writeLauncherFile } from './launcher-file.ts';
import { takeLauncherLock } from './launcher-lock.ts';
import { loadOrCreateSecret, loadSecret } from './secrets.ts';

let home: HomeFolder;
beforeEach(() => {
  home = homeFolder(join(mkdtempSync(join(tmpdir(), 'parley-home-')), 'data'));
  createHomeFolder(home);
});

it('keeps the home folder and the secret to their owner', () => {
  loadOrCreateSecret(home.secretsFile);
  expect(statSync(home.path).mode & 0o777).toBe(0o700);
  expect(statSync(home.secretsFile).mode & 0o777).toBe(0o600);
});

it('makes the secret once', () => {
  expect(loadSecret(home.secretsFile)).toBeNull();
  expect(loadOrCreateSecret(home.secretsFile)).toBe(loadOrCreateSecret(home.secretsFile));
});

it('says which file is damaged instead of replacing a secret', () => {
  writeFileSync(home.secretsFile, '{');
  expect(() => loadOrCreateSecret(home.secretsFile)).toThrow(/secrets\.json is damaged/);
  expect(readFileSync(home.secretsFile, 'utf8')).toBe('{');
});

it('refuses a second launcher, and is free again after release', () => {
  const first = takeLauncherLock(home.lockFile);
  expect(takeLauncherLock(home.lockFile)).toBeNull();
  first?.release();
  const second = takeLauncherLock(home.lockFile);
  expect(second).not.toBeNull();
  second?.release();
});

it('is freed by the system when its holder is killed', async () => {
  const program = `
    const { takeLauncherLock } = await import(${JSON.stringify(new URL('launcher-lock.ts', import.meta.url).href)});
    globalThis.lock = takeLauncherLock(${JSON.stringify(home.lockFile)});
    console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  expect(takeLauncherLock(home.lockFile)).toBeNull();
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await ended;
  const lock = takeLauncherLock(home.lockFile);
  expect(lock).not.toBeNull();
  lock?.release();
});

it('takes a launcher file whose process is gone for none', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => gone.once('exit', resolve));
  const view = { started_at: 1, server_url: 'http://127.0.0.1:8000', processes: [] };
  writeLauncherFile(home.launcherFile, { ...view, pid: gone.pid ?? 0 });
  expect(readLauncherFile(home.launcherFile)).toBeNull();
  writeLauncherFile(home.launcherFile, { ...view, pid: process.pid });
  expect(readLauncherFile(home.launcherFile)).toEqual({ ...view, pid: process.pid });
});
