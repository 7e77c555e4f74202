import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { SessionState } from '@parley/contracts';
import { useSession } from '../stores/session.ts';
import { useToasts } from '../stores/toasts.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import PasswordDialog from './password-dialog.vue';

let dialog: VueWrapper;

afterEach(() => {
  dialog.unmount();
  vi.unstubAllGlobals();
});

const stateWith = (hasPassword: boolean): SessionState => ({
  account: { id: 'u', name: 'Ada', role: 'owner', has_password: hasPassword },
  sign_in: hasPassword ? 'password' : 'one-click',
  is_loopback_only: true,
});

interface Start {
  hasPassword: boolean;
  /** What the server answers to the change; nothing may be sent when left out. */
  answer?: Response;
  locale?: 'en' | 'zh';
}

async function start({ hasPassword, answer, locale = 'en' }: Start) {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (path: string, { method, body }: RequestInit) => {
    if (path === '/api/session') return Response.json(stateWith(true));
    sent.push([method, path, JSON.parse(body as string)]);
    return answer;
  });
  dialog = mountPagePart(PasswordDialog, { props: { isOpen: true }, locale });
  const session = useSession();
  session.state = stateWith(hasPassword);
  await flushPromises();
  return { sent, session };
}

const find = (id: string) => document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
const problem = () => find('password-error')?.textContent;

async function fillIn(...texts: [current: string | null, password: string, repeated: string]): Promise<void> {
  for (const [index, id] of ['current-password', 'new-password', 'repeat-password'].entries()) {
    const [input, text] = [find(id), texts[index]];
    if (typeof text !== 'string' || !input) continue;
    input.value = text;
    input.dispatchEvent(new Event('input'));
  }
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

const refusal = (code: string) =>
  Response.json({ error: { code, message: 'Why.', type: 'x', param: null } }, { status: 401 });

it('sets a first password without asking for one, closes, and says so', async () => {
  const { sent, session } = await start({ hasPassword: false, answer: new Response(null, { status: 204 }) });
  expect(find('current-password')).toBeNull();
  await fillIn(null, 'correct horse', 'correct horse');
  expect(sent).toEqual([['PUT', '/api/session/password', { password: 'correct horse' }]]);
  expect(dialog.emitted('update:isOpen')).toEqual([[false]]);
  expect(useToasts().toasts.map(({ text }) => text)).toEqual(['The password is set.']);
  expect(session.state).toMatchObject({ account: { has_password: true }, sign_in: 'password' });
});

it('sends the current password where there is one', async () => {
  const { sent } = await start({ hasPassword: true, answer: new Response(null, { status: 204 }) });
  await fillIn('old password', 'correct horse', 'correct horse');
  expect(sent).toEqual([
    ['PUT', '/api/session/password', { current_password: 'old password', password: 'correct horse' }],
  ]);
});

it.each([
  ['', 'correct horse', 'correct horse', 'Type your current password.'],
  ['old password', 'short', 'short', 'The new password needs at least 8 characters.'],
  ['old password', 'correct horse', 'correct house', 'The two new passwords are not the same.'],
])('sends nothing for "%s", "%s" and "%s", and says why', async (current, password, repeated, reason) => {
  const { sent } = await start({ hasPassword: true });
  await fillIn(current, password, repeated);
  expect(problem()).toBe(reason);
  expect(sent).toEqual([]);
});

it('says which password was wrong, in the language of the reader', async () => {
  await start({ hasPassword: true, answer: refusal('wrong_credentials'), locale: 'zh' });
  await fillIn('a guess', 'correct horse', 'correct horse');
  expect(problem()).toBe('当前密码不正确。');
  expect(dialog.emitted('update:isOpen')).toBeUndefined();
});

it('shows the field for the current one when another tab has set one meanwhile', async () => {
  await start({ hasPassword: false, answer: refusal('wrong_credentials') });
  await fillIn(null, 'correct horse', 'correct horse');
  expect(find('current-password')).not.toBeNull();
  expect(problem()).toBe('Type your current password.');
});

it('says that one has to wait after too many guesses', async () => {
  await start({ hasPassword: true, answer: refusal('too_many_requests') });
  await fillIn('a guess', 'correct horse', 'correct horse');
  expect(problem()).toBe('Too many attempts. Wait a moment, then try again.');
});
