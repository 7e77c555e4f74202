import { flushPromises } from '@vue/test-utils';
import { expect } from 'vitest';

// What a person does on the page, by test ids; in the whole document, since dialogs stand beside the page.

export const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);

export const get = (id: string) => find(id) ?? expect.fail(`nothing on the page is called ${id}`);

export const textOf = (id: string) => get(id).textContent?.replace(/\s+/g, ' ').trim() ?? '';

export async function press(id: string): Promise<void> {
  get(id).click();
  await flushPromises();
}

export async function type(id: string, value: string): Promise<void> {
  const field = get(id) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event('input'));
  field.dispatchEvent(new Event('change'));
  await flushPromises();
}

/** Sends the form that it is, or stands in. */
export async function submit(id: string): Promise<void> {
  (find(id)?.closest('form') ?? get(id)).dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}
