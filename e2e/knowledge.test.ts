import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { linesAt, writePdf } from '@parley/rag/testing';
import { waitUntil } from '@parley/service-kit/testing';
import { askInPage, openBrowser, openSignedIn } from './support/browser.ts';
import { startSystem, type System } from './support/system.ts';

let system: System;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-browser-files-'));
  mkdirSync(join(folder, 'handbook'));
  writeFileSync(join(folder, 'handbook/travel.md'), '# Travel\n\nTrains are booked by Clara, two weeks ahead.\n');
  writeFileSync(join(folder, 'handbook/休假.md'), '# 休假\n\n每位员工每年有二十五天假期。\n');
  const page = linesAt([50, 700], ['The lighthouse on Gull Island is 61 metres high.', 'It was built in 1874.']);
  writeFileSync(join(folder, 'lighthouse.pdf'), writePdf([linesAt([50, 700], ['About towers.']), page]));
  writeFileSync(join(folder, 'broken.pdf'), '%PDF-1.7 and then nothing');
  system = await startSystem();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const complete = (page: Page) =>
  page.locator('[data-testid="message-assistant"][data-status="complete"]').last().waitFor();

/** The state that the table shows of a document, as soon as it is no longer worked on. */
async function stateOf(page: Page, name: string): Promise<string> {
  const row = page.getByTestId('document-row').filter({ hasText: name });
  const state = row.getByTestId('document-state').first();
  await waitUntil(async () => /Ready|Failed/.test(await state.innerText()), `${name} has an end`, 60_000);
  return state.innerText();
}

async function createBase(page: Page, name: string, files: string[]): Promise<void> {
  await page.goto(`${system.url}/knowledge/new`);
  await page.getByTestId('wizard-name').fill(name);
  await page.getByTestId('wizard-next').click();
  await page.getByTestId('wizard-next').click();
  await page.getByTestId('cut-passage').first().waitFor();
  await page.getByTestId('wizard-next').click();
  await page.getByTestId('file-input').setInputFiles(files.map((file) => join(folder, file)));
}

describe('knowledge bases in the page', () => {
  it('take in files, say plainly what failed, and show what was found and why', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await createBase(page, 'Handbook', ['handbook/travel.md', 'handbook/休假.md', 'broken.pdf']);
    expect(await stateOf(page, 'travel.md')).toContain('Ready');
    expect(await stateOf(page, '休假.md')).toContain('Ready');
    expect(await stateOf(page, 'broken.pdf')).toContain('Failed');
    expect(await page.getByTestId('document-reason').first().innerText()).toMatch(/\S.*[.?]/);
    await page.getByTestId('tab-try').click();
    await page.getByTestId('try-query').fill('每年有多少天假期?');
    await page.getByTestId('try-search').click();
    await page.getByTestId('hit').first().waitFor();
    expect(await page.getByTestId('hit').first().innerText()).toContain('二十五天');
    await page.getByTestId('judge-right').first().click();
    await page.getByTestId('evaluate').click();
    await page.getByTestId('evaluation-figures').waitFor();
    expect(errors).toEqual([]);
  });

  it('are edited in place: the change is searched, and the index agrees', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await createBase(page, 'Trains', ['handbook/travel.md']);
    await stateOf(page, 'travel.md');
    await page.getByTestId('document-link').first().click();
    await page.getByTestId('passage').first().click();
    await page.getByTestId('passage-edit').click();
    await page.getByTestId('passage-draft').fill('Trains are booked by Dora, a month ahead.');
    await page.getByTestId('passage-save').click();
    await page.getByText('booked by Dora').first().waitFor();
    await page.goto(page.url().replace(/\/documents\/.*/, '/settings'));
    await page.getByTestId('index-verify').click();
    expect(await page.getByTestId('index-report').innerText()).not.toContain('rebuild');
    expect(errors).toEqual([]);
  });

  it('are chosen with #, cited, and the citation opens the page of the PDF with its passage marked', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await createBase(page, 'Towers', ['lighthouse.pdf']);
    await stateOf(page, 'lighthouse.pdf');
    await page.getByTestId('new-chat').click();
    await page.getByTestId('composer-input').pressSequentially('#Tow');
    await page.getByTestId('base-option').first().waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('base-chip').innerText()).toContain('Towers');
    await askInPage(page, 'How high is the lighthouse on Gull Island?');
    await complete(page);
    const answer = page.getByTestId('message-assistant').last();
    expect(await answer.getByTestId('answer-text').innerText()).toContain('61 metres');
    await answer.getByTestId('citation-chip').first().click();
    await page.getByTestId('source-panel').waitFor();
    await page.getByTestId('source-tab-page').click();
    await page.getByTestId('pdf-mark').first().waitFor();
    await page.getByTestId('source-tab-text').click();
    const highlight = page.getByTestId('source-highlight');
    await highlight.first().waitFor();
    expect((await highlight.allTextContents()).join('')).toContain('61 metres high');
    await page.reload();
    await complete(page);
    await page.getByTestId('base-chip').filter({ hasText: 'Towers' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('come of files that are dropped into a chat, without any further step', async () => {
    const { page, errors } = await openSignedIn(browser, system.url);
    await page.getByTestId('attach-input').setInputFiles(join(folder, 'handbook/travel.md'));
    await page.getByTestId('file-chip').waitFor();
    await askInPage(page, 'Who books the trains?');
    await complete(page);
    expect(await page.getByTestId('answer-text').last().innerText()).toContain('Clara');
    expect(errors).toEqual([]);
  });
});
