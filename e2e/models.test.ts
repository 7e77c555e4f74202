import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { startFakeVendor, type FakeVendor } from '@parley/worker/testing';
import { tinyModels } from '@parley/worker/testing/tiny-models';
import { FakeHub } from '../packages/server/src/testing/fake-hub.ts';
import { askInPage, openBrowser, openSignedIn, pickModel } from './support/browser.ts';
import { startFakeOllama, type FakeOllama } from './support/fake-ollama.ts';
import { startSystem, type System } from './support/system.ts';

let vendor: FakeVendor;
let ollama: FakeOllama;
/** At a port where nobody looks. */
let other: FakeOllama;
let hub: FakeHub;
let system: System;
let browser: Browser;

beforeAll(async () => {
  vendor = await startFakeVendor();
  vendor.answerAlways({ pieces: ['This is ', 'Claude.'] });
  ollama = await startFakeOllama('llama3.2', 'This is Ollama.');
  other = await startFakeOllama('mistral', 'This is the other server.');
  hub = new FakeHub();
  await hub.start();
  hub.put('tiny/chat/tiny-chat.gguf', readFileSync(tinyModels().chat));
  system = await startSystem(settings());
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
  await vendor?.close();
  ollama?.close();
  other?.close();
  await hub?.stop();
});

const settings = () => ({
  settings: { server: { local_server_ports: { ollama: [ollama.port] }, hub_endpoint: hub.endpoint } },
});

async function answerTo(page: Page, question: string): Promise<string> {
  await askInPage(page, question);
  const answer = page.locator('[data-testid="message-assistant"][data-status="complete"]').last();
  return answer.getByTestId('answer-text').innerText();
}

async function openModels(page: Page, tab: 'models' | 'connections' | 'local'): Promise<void> {
  await page.goto(`${system.url}/models`);
  await page.getByTestId(`tab-${tab}`).click();
}

describe('models in the page', () => {
  it('begin with a key: recognised, tried with one token, saved, and the chat answers without a restart', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await page.getByTestId('onboarding-card').waitFor();
    await page.getByTestId('way-key').click();
    await page.getByTestId('key-input').fill(vendor.anthropicKey);
    expect(await page.getByTestId('provider-choice').inputValue()).toBe('anthropic');
    await page.locator('summary', { hasText: 'Another address' }).click();
    await page.getByTestId('key-address').fill(vendor.anthropicUrl);
    await page.getByTestId('connection-continue').click();
    await page.getByTestId('vendor-models').waitFor();
    await page.getByTestId('connection-save').click();
    await page.getByTestId('onboarding-card').waitFor({ state: 'detached' });
    expect(await answerTo(page, 'Who are you?')).toContain('This is Claude.');
    expect(errors).toEqual([]);
  });

  it('say what is wrong with a key that the vendor refuses, and keep nothing', async () => {
    const { page } = await openSignedIn(browser, system.url);
    await openModels(page, 'connections');
    const before = await page.getByTestId('connection-row').count();
    await page.getByTestId('add-key').click();
    await page.getByTestId('key-input').fill(`${vendor.anthropicKey}x`);
    await page.locator('summary', { hasText: 'Another address' }).click();
    await page.getByTestId('key-address').fill(vendor.anthropicUrl);
    await page.getByTestId('connection-continue').click();
    expect(await page.getByTestId('connection-problem').innerText()).toMatch(/key/i);
    await page.reload();
    await page.getByTestId('tab-connections').click();
    expect(await page.getByTestId('connection-row').count()).toBe(before);
  });

  it('come from a server that is found on this machine', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await openModels(page, 'connections');
    await page.getByTestId('add-server').click();
    await page.getByTestId('find-servers').click();
    await page.locator('[data-testid="found-server"][data-provider="ollama"]').click();
    await page.getByTestId('vendor-models').waitFor();
    await page.getByTestId('connection-save').click();
    await page.getByTestId('connection-row').filter({ hasText: 'Ollama' }).waitFor();
    await page.goto(system.url);
    await pickModel(page, 'llama3.2');
    expect(await answerTo(page, 'Who are you?')).toContain('This is Ollama.');
    expect(errors).toEqual([]);
  });

  it('come from a server whose address is typed', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await openModels(page, 'connections');
    await page.getByTestId('add-server').click();
    await page.getByTestId('server-url').fill(`127.0.0.1:${other.port}`);
    await page.getByTestId('connection-continue').click();
    await page.getByTestId('connection-save').click();
    await page
      .getByTestId('connection-row')
      .filter({ hasText: `127.0.0.1:${other.port}` })
      .waitFor();
    await page.goto(system.url);
    await pickModel(page, 'mistral');
    expect(await answerTo(page, 'Who are you?')).toContain('This is the other server.');
    expect(errors).toEqual([]);
  });

  it('are pulled, checked, loaded and asked: real inference on this machine', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await openModels(page, 'local');
    await page.getByTestId('source-input').fill('hf:tiny/chat/tiny-chat.gguf');
    await page.getByTestId('source-get').click();
    await page.getByTestId('tab-models').click();
    const row = page.getByTestId('model-row').filter({ hasText: 'tiny-chat' });
    await row.getByTestId('model-state').filter({ hasText: 'Ready' }).waitFor({ timeout: 60_000 });
    await page.goto(system.url);
    await pickModel(page, 'tiny-chat');
    expect(await answerTo(page, 'Hello there, General Kenobi!')).toContain('Hello there, General Kenobi!');
    expect(errors).toEqual([]);
  });

  it('are tested, released and loaded again', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await openModels(page, 'models');
    const row = page.locator('[data-testid="model-row"][data-model="tiny-chat"]');
    await row.getByTestId('model-test').click();
    expect(await page.getByTestId('test-answer').innerText()).toMatch(/\w/);
    await page.getByTestId('dialog-close').click();
    await row.getByTestId('model-release').click();
    const state = (wanted: string) => row.and(page.locator(`[data-state="${wanted}"]`)).waitFor();
    await state('released');
    expect(system.processes().some(({ name, pid }) => name.includes('tiny-chat') && pid !== null)).toBe(false);
    await row.getByTestId('model-load').click();
    await state('ready');
    expect(errors).toEqual([]);
  });

  it('leave nothing behind when their download is cancelled', async () => {
    hub.put('tiny/chat/unwanted.gguf', readFileSync(tinyModels().chat));
    hub.pieceDelayMs = 200;
    const { page, errors } = await openSignedIn(browser, system.url);
    await openModels(page, 'local');
    await page.getByTestId('source-input').fill('hf:tiny/chat/unwanted.gguf');
    await page.getByTestId('source-get').click();
    const row = page.getByTestId('download-row').filter({ hasText: 'unwanted' });
    await row.getByTestId('download-percent').waitFor();
    // The download belongs to the server: a page that is opened anew shows it where it is.
    await page.reload();
    await row.getByTestId('download-cancel').click();
    await row.waitFor({ state: 'detached' });
    const isLeft = () =>
      readdirSync(system.home, { recursive: true }).some((name) => String(name).includes('unwanted'));
    await waitUntil(() => !isLeft(), 'the file of the download to be gone');
    expect(errors).toEqual([]);
    hub.pieceDelayMs = 0;
  });

  it('are there again after a restart, and their keys stand nowhere in the data folder', async () => {
    const { home, launcher } = system;
    const ended = once(launcher, 'exit');
    launcher.kill('SIGTERM');
    await ended;
    for (const file of readdirSync(home, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || file.name.endsWith('.gguf')) continue;
      expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain(vendor.anthropicKey);
    }
    system = await startSystem({ ...settings(), home });
    const { page, errors } = await openSignedIn(browser, system.url);
    await page.goto(`${system.url}/models`);
    const rows = page.getByTestId('model-row');
    await rows.filter({ hasText: 'tiny-chat' }).getByTestId('model-state').filter({ hasText: 'Ready' }).waitFor();
    await page.goto(system.url);
    await pickModel(page, 'Claude');
    expect(await answerTo(page, 'Who are you?')).toContain('This is Claude.');
    expect(errors).toEqual([]);
  });
});
