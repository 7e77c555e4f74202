import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { createPageRouter } from './router.ts';
import { useSession } from './stores/session.ts';

async function openModelsAs(role: 'owner' | 'member'): Promise<unknown> {
  setActivePinia(createPinia());
  const account = { id: 'u', name: 'Ada', role, has_password: true };
  useSession().state = { account, sign_in: 'password', is_loopback_only: true };
  const router = createPageRouter();
  await router.push('/models/connections');
  return router.currentRoute.value.name;
}

it('opens the page of the models to owners only', async () => {
  expect(await openModelsAs('owner')).toBe('models');
  expect(await openModelsAs('member')).toBe('new-chat');
});
