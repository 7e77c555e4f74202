import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startFakeVendor, type FakeVendor } from '@parley/worker/testing';
import { askInPage, openBrowser, openSignedIn, pickModel } from './support/browser.ts';
import { startSystem, type System } from './support/system.ts';

/** The model that the fake vendor serves, slowly enough to be stopped and killed half way. */
const MODEL = { name: 'slow-model', label: 'Slow model' };
const PIECES = Array.from({ length: 60 }, (_, index) => `word${index} `);
const WHOLE = PIECES.join('').trim();

let vendor: FakeVendor;
let system: System;
let browser: Browser;

beforeAll(async () => {
  vendor = await startFakeVendor();
  system = await startSystem({
    models: [
      { ...MODEL, engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey, concurrency: 1 },
    ],
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
  await vendor?.close();
});

const GUIDE = 'Parley guide';

const lastAnswer = (page: Page) => page.getByTestId('message-assistant').last();
const lastText = (page: Page) => lastAnswer(page).getByTestId('answer-text');
const status = (page: Page, value: string) =>
  page.locator(`[data-testid="message-assistant"][data-status="${value}"]`).last().waitFor();

describe('the page', () => {
  it('answers from the guide with a citation that opens the passage', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await pickModel(page, GUIDE);
    await askInPage(page, 'How do I connect Ollama?');
    await status(page, 'complete');
    expect(await lastText(page).textContent()).toContain('Connect a server');
    await lastAnswer(page).getByTestId('citation-chip').first().click();
    const highlight = page.getByTestId('source-highlight');
    await highlight.first().waitFor();
    expect((await highlight.allTextContents()).join('')).toMatch(/ollama/i);
    expect(errors).toEqual([]);
  });

  it('answers Chinese from the Chinese guide', async () => {
    const { page } = await openSignedIn(browser, system.url);
    await pickModel(page, GUIDE);
    await askInPage(page, '怎么接入智谱 GLM?');
    await status(page, 'complete');
    expect(await lastText(page).textContent()).toMatch(/智谱.*粘贴密钥/s);
  });

  it('shows text in pieces, and the same text after a reload', async () => {
    vendor.answerAlways({ pieces: PIECES, delayMs: 20 });
    const { page, errors } = await openSignedIn(browser, system.url);
    await pickModel(page, MODEL.label);
    await askInPage(page, 'Count.');
    const lengths = await watchLengths(page);
    expect(new Set(lengths).size).toBeGreaterThan(3);
    expect(await lastText(page).innerText()).toBe(WHOLE);
    await page.reload();
    await status(page, 'complete');
    expect(await lastText(page).innerText()).toBe(WHOLE);
    expect(errors).toEqual([]);
  });

  it('follows an answer that is still being written when it is reloaded', async () => {
    vendor.answerAlways({ pieces: PIECES, delayMs: 50 });
    const { page } = await openSignedIn(browser, system.url);
    await pickModel(page, MODEL.label);
    await askInPage(page, 'Count.');
    await lastText(page).getByText('word5').waitFor();
    await page.reload();
    await status(page, 'complete');
    expect(await lastText(page).innerText()).toBe(WHOLE);
  });

  it('stops half way, keeps the partial text, and frees the engine', async () => {
    vendor.answerAlways({ pieces: PIECES, delayMs: 50 });
    const before = vendor.requests.length;
    const { page } = await openSignedIn(browser, system.url);
    await pickModel(page, MODEL.label);
    await askInPage(page, 'Count.');
    await lastText(page).getByText('word5').waitFor();
    await page.getByTestId('stop-button').click();
    await (
      await vendor.request(before)
    ).aborted;
    await status(page, 'stopped');
    const kept = await lastText(page).innerText();
    expect(kept).toContain('word5');
    expect(kept.length).toBeLessThan(WHOLE.length);
    await page.reload();
    await status(page, 'stopped');
    expect(await lastText(page).innerText()).toBe(kept);
  });

  it('says which place in the queue a question has, until its turn has come', async () => {
    vendor.answer({ pieces: PIECES.slice(0, 6), afterwards: 'stall' }, { pieces: PIECES });
    const { page: first } = await openSignedIn(browser, system.url);
    const { page: second } = await openSignedIn(browser, system.url);
    for (const page of [first, second]) await pickModel(page, MODEL.label);
    await askInPage(first, 'Count.');
    await lastText(first).getByText('word5').waitFor();
    await askInPage(second, 'Count.');
    await second.getByTestId('status-line').getByText('Waiting in the queue, place 1').waitFor();
    await first.getByTestId('stop-button').click();
    await status(second, 'complete');
    expect(await lastText(second).innerText()).toBe(WHOLE);
  });

  it('says so in the bubble when the worker is killed half way, and Retry works', async () => {
    vendor.answerAlways({ pieces: PIECES, delayMs: 50 });
    const { page } = await openSignedIn(browser, system.url);
    await pickModel(page, MODEL.label);
    await askInPage(page, 'Count.');
    await lastText(page).getByText('word5').waitFor();
    process.kill(system.process(`online_api:${MODEL.name}`).pid, 'SIGKILL');
    await lastAnswer(page).getByTestId('error-strip').waitFor();
    expect(await lastText(page).innerText()).toContain('word5');
    vendor.answerAlways({ pieces: PIECES, delayMs: 1 });
    await lastAnswer(page).getByTestId('retry-button').click();
    await status(page, 'complete');
    expect(await lastText(page).innerText()).toBe(WHOLE);
  });

  it('keeps a question that is sent while the page still opens, and sends it as soon as it can', async () => {
    const { page } = await openSignedIn(browser, system.url);
    const opened = Promise.withResolvers<void>();
    await pickModel(page, GUIDE);
    await page.route('**/api/models', async (route) => {
      await opened.promise;
      await route.continue();
    });
    await page.reload();
    await page.getByTestId('composer-input').waitFor();
    await askInPage(page, 'How do I stop an answer?');
    expect(await page.getByTestId('message-user').count()).toBe(0);
    opened.resolve();
    await status(page, 'complete');
    expect(await page.getByTestId('composer-input').inputValue()).toBe('');
  });

  it('keeps a conversation in the sidebar, with its title', async () => {
    const { page } = await openSignedIn(browser, system.url);
    await pickModel(page, GUIDE);
    await askInPage(page, 'How do I change the port?');
    await status(page, 'complete');
    const item = page.getByTestId('history-item').filter({ hasText: 'How do I change the port' });
    await item.first().waitFor();
    expect(await item.count()).toBe(1);
  });
});

/** How long the answer is, frame by frame, until it is complete. */
async function watchLengths(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const lengths: number[] = [];
    for (;;) {
      const answer = [...document.querySelectorAll<HTMLElement>('[data-testid="message-assistant"]')].at(-1);
      lengths.push(answer?.querySelector('[data-testid="answer-text"]')?.textContent?.length ?? 0);
      if (answer?.dataset['status'] === 'complete') return lengths;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}
