import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEventStream } from '@parley/service-kit';
import { runParley } from './support/run-parley.ts';
import { prepareEnvironment, startSystem, type System } from './support/system.ts';

describe('the command line against a running system', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ models: [{ name: 'glm', engine: 'zhipu', api_key_env: 'ZHIPUAI_API_KEY' }] });
  });
  afterAll(() => system.stop());

  const parley = (...args: string[]) => runParley(args, system.environment);

  it.each([
    ['How do I connect Ollama?', /Connect a server/, 'guide-en-connect-ollama'],
    ['怎么接入智谱 GLM?', /粘贴密钥/, 'guide-zh-connect-zhipu-glm'],
  ])('answers "%s" from the guide, with its sources', async (question, answer, page) => {
    const { code, stdout } = await parley('ask', question);
    expect(code).toBe(0);
    expect(stdout).toMatch(answer);
    expect(stdout).toMatch(/\[\d\]/);
    expect(stdout).toContain(page);
  });

  it('says so when the guide does not answer', async () => {
    const { code, stdout } = await parley('ask', 'What is the capital of France?', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { answer: string }).answer).not.toMatch(/\[\d\]/);
  });

  it('fails with the names there are when the model is unknown', async () => {
    const { code, stderr } = await parley('ask', 'Hi', '--model', 'gpt-99');
    expect(code).toBe(1);
    expect(stderr).toContain('parley-guide');
  });

  it('says which key a model waits for', async () => {
    const { code, stderr } = await parley('ask', 'Hi', '--model', 'glm');
    expect(code).toBe(1);
    expect(stderr).toContain('ZHIPUAI_API_KEY');
  });

  it('makes tokens, lists them, and takes them back', async () => {
    const token = (await parley('token', '--name', 'robot')).stdout.trim();
    const listAs = (bearer: string) =>
      fetch(`${system.url}/api/conversations`, { headers: { authorization: `Bearer ${bearer}` } });
    expect((await listAs(token)).status).toBe(200);
    const row = (await parley('token', 'list')).stdout.split('\n').find((line) => line.includes('robot'));
    expect(row).toBeDefined();
    expect(row).not.toContain(token);
    await parley('token', 'revoke', row!.split(/\s+/)[0]!);
    expect((await listAs(token)).status).toBe(401);
  });

  it('sets the password, which the page asks for from then on', async () => {
    const session = (body?: object) =>
      fetch(`${system.url}/api/session`, {
        ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    // The first command makes the owner; only then can a browser sign in.
    await parley('token', 'list');
    const before = (await session({})).headers.getSetCookie()[0]!.split(';')[0]!;
    const { code, stdout } = await runParley(['password'], system.environment, { stdin: 'correct horse\n' });
    expect([code, stdout]).toEqual([0, expect.stringContaining('password is set')]);
    expect(await (await session()).json()).toMatchObject({ sign_in: 'password' });
    expect((await session({ password: 'correct house' })).status).toBe(401);
    expect(await (await session({ password: 'correct horse' })).json()).toMatchObject({
      account: { role: 'owner', has_password: true },
    });
    const { status } = await fetch(`${system.url}/api/conversations`, { headers: { cookie: before } });
    expect(status).toBe(401);
  });

  it('refuses a password that is too short', async () => {
    const { code, stderr } = await runParley(['password'], system.environment, { stdin: 'short\n' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('at least 8 characters')]);
  });

  it('finds nothing wrong with itself', async () => {
    const { code, stdout } = await parley('doctor');
    expect(stdout).not.toContain('✗');
    expect(code).toBe(0);
  });

  it('speaks Chinese where the terminal does', async () => {
    const { stdout } = await runParley(['status'], { ...system.environment, LANG: 'zh_CN.UTF-8' });
    expect(stdout).toContain('运行中');
  });

  it('serves a client of the seeds’ shape unchanged', async () => {
    const token = (await parley('token')).stdout.trim();
    const messages = await askLikeTheSeed(system.url, token, 'How do I connect Ollama?');
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      query: 'How do I connect Ollama?',
    });
    expect(messages[0]?.response).toContain('Connect a server');
  });
});

describe('the command line without a running system', () => {
  it('starts it for one question and stops it again', async () => {
    const { environment } = await prepareEnvironment({});
    const { code, stdout, stderr } = await runParley(['ask', 'How do I connect Ollama?'], environment);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('starting it for this command'),
    });
    expect(stdout).toContain('Connect a server');
    const { code: statusCode, stderr: reason } = await runParley(['status'], environment);
    expect([statusCode, reason]).toEqual([1, expect.stringContaining('not running')]);
  });

  it('prints the settings in force, secrets hidden', async () => {
    const { environment } = await prepareEnvironment({ environment: { PARLEY_GATEWAY_API_KEYS: 'sk-very-secret' } });
    const { code, stdout } = await runParley(['config'], environment);
    expect(code).toBe(0);
    expect(stdout).toContain(`port: ${environment['PARLEY_SERVER_PORT']}`);
    expect(stdout).toContain('[hidden]');
    expect(stdout).not.toContain('sk-very-secret');
  });
});

interface SeedMessage {
  id: string;
  query: string;
  response: string;
}

/** The seeds' front-end code, step by step: push, post, parse each data, join by message_id. */
async function askLikeTheSeed(url: string, token: string, query: string): Promise<SeedMessage[]> {
  const list: SeedMessage[] = [{ id: '', query, response: '' }];
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, conversation_id: '', conversation_name: 'new_chat', history: [] }),
  });
  if (!response.body) throw new Error('no stream');
  for await (const message of readEventStream(response.body)) {
    const data = JSON.parse(message.data) as { message_id?: string; text?: string };
    for (const item of list) {
      if (data.text && data.message_id && (item.id === data.message_id || item.id === '')) {
        item.response += data.text;
        item.id = data.message_id;
      }
    }
  }
  return list;
}
