import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { SessionState } from '@parley/contracts';
import * as sessionApi from '../api/session.ts';

/** Who is signed in, and what the sign-in page should offer. */
export const useSession = defineStore('session', () => {
  const state = ref<SessionState | null>(null);

  async function refresh(): Promise<SessionState> {
    state.value = await sessionApi.readSession();
    return state.value;
  }

  async function createOwner(credentials: sessionApi.Credentials): Promise<void> {
    await sessionApi.createOwner(credentials);
    await refresh();
  }

  async function signIn(credentials: sessionApi.Credentials): Promise<void> {
    await sessionApi.signIn(credentials);
    await refresh();
  }

  async function changePassword(change: sessionApi.PasswordChange): Promise<void> {
    await sessionApi.changePassword(change);
    const { value } = state;
    if (value?.account) {
      state.value = { ...value, sign_in: 'password', account: { ...value.account, has_password: true } };
    }
  }

  async function signOut(): Promise<void> {
    await sessionApi.signOut();
    await refresh();
  }

  return { state, refresh, createOwner, signIn, changePassword, signOut };
});
