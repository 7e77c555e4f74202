import { afterEach, beforeEach, expect, it } from 'vitest';
import { ParleyError, type ModelViewList } from '@parley/contracts';
import { RecordingLogger, waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../../database/open-database.ts';
import { KEY, ModelServer } from '../testing/model-server.ts';

let server: ModelServer;

beforeEach(() => {
  server = new ModelServer();
});

afterEach(() => server.dispose());

async function storedConnections() {
  const db = await openDatabase({ home: server.home, now: () => 1 });
  const rows = await db.selectFrom('model_connections').selectAll().execute();
  await db.destroy();
  return rows;
}

it('keeps keys out of answers, errors, the database and the log', async () => {
  const log = new RecordingLogger();
  await server.start({}, { logger: log.logger });
  const wrong = 'wrong-key-0123456789-wrong';
  const answers: string[] = [];
  const ask = async (path: string, method = 'GET', body?: unknown) => {
    const response = await server.fetch(path, body === undefined ? { method } : { method, body });
    answers.push(await response.text());
  };
  const models = [{ upstream_model: 'acme-large' }];
  for (const key of [KEY, wrong]) {
    const connection = { provider: 'acme', api_key: key };
    await ask('/api/model-admin/connections/try', 'POST', connection);
    await ask('/api/model-admin/connections', 'POST', { ...connection, models });
  }
  const [row] = await storedConnections();
  await ask(`/api/model-admin/connections/${row?.id}`, 'PATCH', { api_key: wrong });
  await ask(`/api/model-admin/connections/${row?.id}/models`);
  await ask('/api/model-admin');
  await ask('/api/model-admin/models/acme-large/log');
  await ask('/api/models');
  await server.restart();
  const texts = { answers: answers.join('\n'), rows: JSON.stringify(await storedConnections()), log: log.text };
  expect(log.text).toContain('provider_key_refused');
  for (const [where, text] of Object.entries(texts)) {
    for (const key of [KEY, wrong]) expect(`${where} ${text.includes(key)}`).toBe(`${where} false`);
  }
});

it('starts the stored models again with their keys', async () => {
  await server.start();
  await server.connect();
  const before = server.host.models;
  await server.restart();
  await waitUntil(
    () => server.host.requests.filter(({ op }) => op === 'set-models').length === 3,
    'the models are sent',
  );
  expect(server.host.models).toEqual(before);
  expect(server.host.models[0]?.worker).toMatchObject({ api_key: KEY });
  expect(await server.model('acme-large')).toMatchObject({ state: 'ready', problem: null });
});

it('says that a key of another installation cannot be opened, and loses nothing', async () => {
  await server.start();
  await server.connect({ name: 'Work account' });
  await server.close();
  const secret = 'the-secret-of-another-installation';
  await server.start({ secret });
  const call = { token: secret };
  const { models, connections } = await server.admin('', call);
  const problem = expect.stringMatching(/^The key of "Work account" .* Enter the key again on the Models page\.$/);
  expect(models.at(-1)).toMatchObject({ name: 'acme-large', state: 'needs-key', problem });
  expect(connections).toMatchObject([{ name: 'Work account', has_key: true }]);
  expect(server.host.models).toEqual([]);
  const list = await server.json<ModelViewList>('/api/models', call);
  expect(list.models.find(({ name }) => name === 'acme-large')).toMatchObject({ state: 'needs-key' });
  const path = `/connections/${connections[0]?.id}/models`;
  expect(await server.refusal(path, call)).toMatchObject({ status: 503, code: 'model_needs_key', message: problem });
  await server.close();
  await server.start();
  await waitUntil(() => server.host.models.length === 1, 'the model is sent');
  expect(await server.model('acme-large')).toMatchObject({ state: 'ready' });
});

it('mends a key of another installation by entering it again', async () => {
  await server.start();
  await server.connect();
  const [row] = await storedConnections();
  await server.close();
  const token = 'the-secret-of-another-installation';
  await server.start({ secret: token });
  server.host.useSecret(token);
  await server.admin(`/connections/${row?.id}`, { method: 'PATCH', body: { api_key: KEY }, token });
  expect(server.host.models[0]?.worker).toMatchObject({ api_key: KEY });
});

it('starts all the same when the launcher refuses the models', async () => {
  await server.start();
  await server.connect();
  const log = new RecordingLogger();
  await server.close();
  server.host.refusal = new ParleyError('model_host_missing', 'The launcher is gone.');
  await server.start({}, { logger: log.logger });
  await waitUntil(() => log.text.includes('could not be started'), 'the log says so');
  expect((await server.admin()).connections).toHaveLength(1);
});
