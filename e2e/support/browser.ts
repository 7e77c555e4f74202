import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';

/** Real Chromium, headless. Close it in the end. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is missing: install the package "chromium" or set PARLEY_CHROMIUM.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A new person at the page: signed in as the owner, English. Errors on the page fail the test that reads them. */
export async function openSignedIn(browser: Browser, url: string): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  const enter = page.getByTestId('start-button').or(page.getByTestId('one-click-button'));
  await enter.or(page.getByTestId('composer-input')).first().waitFor();
  if (await enter.isVisible()) await enter.click();
  await page.getByTestId('composer-input').waitFor();
  return { page, errors };
}

/** Types a question and sends it. */
export async function askInPage(page: Page, question: string): Promise<void> {
  await page.getByTestId('composer-input').fill(question);
  await page.getByTestId('composer-input').press('Enter');
}

/** Picks a model by its name or label. */
export async function pickModel(page: Page, label: string): Promise<void> {
  await page.getByTestId('model-picker').click();
  await page
    .getByRole('option', { name: label })
    .or(page.getByRole('menuitem', { name: label }))
    .or(page.getByRole('menuitemradio', { name: label }))
    .first()
    .click();
}
