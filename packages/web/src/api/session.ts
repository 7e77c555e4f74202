import { sessionStateSchema, type SessionState } from '@parley/contracts';
import { request, requestJson } from './http.ts';

export interface Credentials {
  name?: string;
  password?: string;
}

export interface PasswordChange {
  current_password?: string;
  password: string;
}

export function readSession(): Promise<SessionState> {
  return requestJson(sessionStateSchema, '/api/session');
}

/** Makes the first account and signs it in. */
export async function createOwner(credentials: Credentials): Promise<void> {
  await request('/api/session/owner', { method: 'POST', body: credentials });
}

/** Signs in; no credentials where the install offers one click. */
export async function signIn(credentials: Credentials): Promise<void> {
  await request('/api/session', { method: 'POST', body: credentials });
}

/** Sets one's own password; all other browsers are signed out by it. */
export async function changePassword(change: PasswordChange): Promise<void> {
  await request('/api/session/password', { method: 'PUT', body: change });
}

export async function signOut(): Promise<void> {
  await request('/api/session', { method: 'DELETE' });
}
