import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentView } from '@parley/contracts';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { fakeModel, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;

const pages = {
  en: '# Connect Ollama\n\n## Steps\n\nTo connect Ollama, add it to parley.config.yaml and start Parley again.\n',
  zh: '# 接入 Ollama\n\n## 步骤\n\n要接入 Ollama，请把它写进 parley.config.yaml，然后重新启动 Parley。\n',
};

beforeEach(async () => {
  gateway = new FakeGateway();
  server = new TestServer();
  const root = join(server.home, 'guide');
  for (const [language, text] of Object.entries(pages)) {
    mkdirSync(join(root, language), { recursive: true });
    writeFileSync(join(root, language, 'connect-ollama.md'), text);
  }
  await server.start({
    gateway_url: await gateway.start(),
    guide_root: root,
    catalogue: [{ ...fakeModel, knowledge: 'guide' }],
  });
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

describe('the guide', () => {
  it('can be listed, and each page read', async () => {
    const head = {
      id: 'guide-en-connect-ollama',
      title: 'Connect Ollama',
      language: 'en',
      media_type: 'text/markdown',
      base_id: null,
      version_id: null,
      pages: [],
      has_file: false,
    };
    const { documents } = await server.json<{ documents: unknown[] }>('/api/documents');
    expect(documents).toEqual([head, expect.objectContaining({ id: 'guide-zh-connect-ollama', title: '接入 Ollama' })]);
    expect(await server.json('/api/documents/guide-en-connect-ollama')).toEqual({ ...head, text: pages.en });
    expect((await server.fetch('/api/documents/none')).status).toBe(404);
  });

  it.each([
    ['How do I connect Ollama?', 'guide-en-connect-ollama'],
    ['怎么接入 Ollama？', 'guide-zh-connect-ollama'],
  ])('answers %s with sources that stand in the page word for word', async (query, id) => {
    const events = await (await server.chat({ query })).rest();
    const sources = events.flatMap((event) => (event.type === 'sources' ? event.sources : []));
    expect(sources[0]?.document_id).toBe(id);
    const { text } = await server.json<DocumentView>(`/api/documents/${id}`);
    for (const { quote, start, end } of sources) expect(text.slice(start, end)).toBe(quote);
    expect(JSON.stringify(gateway.requests[0]?.body)).toContain('<passage index=');
  });
});
