import type { Source } from '@parley/contracts';

/** FAKE: what the fake server answers with. Invented for drawing the page; no model wrote it. */
const english = `# Connect Ollama

Parley talks to Ollama through its OpenAI-compatible address.

## Add it as a model

To connect Ollama, add a model with the engine \`openai-compatible\` and the address of Ollama.

1. Start Ollama and pull a model, for example \`ollama pull qwen3:8b\`.
2. Add the model to \`parley.config.yaml\`.
3. Restart Parley; the model appears in the picker.

\`\`\`yaml
models:
  - name: qwen3-8b
    engine: openai-compatible
    base_url: http://127.0.0.1:11434/v1
\`\`\`

## When it does not answer

Parley shows **Unavailable** beside the model while no worker serves it. Ollama must listen on the address that you gave.
`;

const chinese = `# 接入智谱 GLM

Parley 通过智谱开放平台的接口使用 GLM 模型。

## 设置密钥

要接入智谱 GLM，请把密钥写入 \`.env\` 文件中的 \`ZHIPUAI_API_KEY\`。

1. 在智谱开放平台创建密钥。
2. 把密钥写入 \`.env\` 文件。
3. 重启 Parley，模型会出现在列表中。

## 密钥被拒绝时

如果密钥被拒绝，Parley 会在回答下方说明原因。
`;

export const documents = [
  {
    id: 'guide-en-connect-ollama',
    title: 'Connect Ollama',
    language: 'en',
    media_type: 'text/markdown',
    text: english,
  },
  {
    id: 'guide-zh-connect-zhipu-glm',
    title: '接入智谱 GLM',
    language: 'zh',
    media_type: 'text/markdown',
    text: chinese,
  },
  {
    id: 'guide-en-connect-zhipu-glm',
    title: 'Connect Zhipu GLM',
    language: 'en',
    media_type: 'text/markdown',
    text: english,
  },
];

function sourceOf(index: number, quote: string, headings: string[]): Source {
  const document = documents.find(({ text }) => text.includes(quote));
  if (document === undefined) throw new Error(`no document has: ${quote}`);
  const start = document.text.indexOf(quote);
  const { id, title } = document;
  const place = { start, end: start + quote.length, quote, score: 1 / index };
  const nothing = { version_id: null, base_id: null, page: null, hash: null, flags: [] };
  return { index, document_id: id, title, heading_path: [title, ...headings], ...nothing, ...place };
}

export interface FakeAnswer {
  text: string;
  sources: Source[];
}

export const englishAnswer: FakeAnswer = {
  text: `From the guide:

To connect Ollama, add a model with the engine \`openai-compatible\` and the address of Ollama. [1]

1. Start Ollama and pull a model, for example \`ollama pull qwen3:8b\`.
2. Add the model to \`parley.config.yaml\`.
3. Restart Parley; the model appears in the picker. [1]

\`\`\`yaml
models:
  - name: qwen3-8b
    engine: openai-compatible
    base_url: http://127.0.0.1:11434/v1
\`\`\`

| Setting | What it is | Default |
| --- | --- | ---: |
| \`base_url\` | where the server answers | none |
| \`concurrency\` | requests at once | 5 |

Ollama must listen on the address that you gave. [2]`,
  sources: [
    sourceOf(1, 'To connect Ollama, add a model with the engine `openai-compatible` and the address of Ollama.', [
      'Add it as a model',
    ]),
    sourceOf(2, 'Ollama must listen on the address that you gave.', ['When it does not answer']),
  ],
};

export const chineseAnswer: FakeAnswer = {
  text: `根据文档：

要接入智谱 GLM，请把密钥写入 \`.env\` 文件中的 \`ZHIPUAI_API_KEY\`。[1]

1. 在智谱开放平台创建密钥。
2. 把密钥写入 \`.env\` 文件。
3. 重启 Parley，模型会出现在列表中。[1]

\`\`\`python
import jwt

def make_token(key: str, now: int) -> str:
    """密钥由 id 和 secret 组成"""
    key_id, secret = key.split(".")
    return jwt.encode({"api_key": key_id, "exp": now + 3600}, secret, "HS256")
\`\`\`

如果密钥被拒绝，Parley 会在回答下方说明原因。[2]`,
  sources: [
    sourceOf(1, '要接入智谱 GLM，请把密钥写入 `.env` 文件中的 `ZHIPUAI_API_KEY`。', ['设置密钥']),
    sourceOf(2, '如果密钥被拒绝，Parley 会在回答下方说明原因。', ['密钥被拒绝时']),
  ],
};

export const models = [
  {
    name: 'parley-guide',
    label: 'Parley guide',
    kind: 'extractive',
    engine: 'extractive',
    needs_key: null,
    knowledge: 'guide',
    context_length: null,
    state: 'ready',
  },
  {
    name: 'glm-4-plus',
    label: 'GLM-4 Plus',
    kind: 'online',
    engine: 'zhipu',
    needs_key: 'ZHIPUAI_API_KEY',
    knowledge: null,
    context_length: 128_000,
    state: 'needs-key',
  },
  {
    name: 'qwen3-8b',
    label: 'Qwen3 8B',
    kind: 'local',
    engine: 'openai-compatible',
    needs_key: null,
    knowledge: null,
    context_length: 32_768,
    state: 'ready',
  },
  {
    name: 'deepseek-chat',
    label: 'DeepSeek Chat',
    kind: 'online',
    engine: 'openai-compatible',
    needs_key: 'DEEPSEEK_API_KEY',
    knowledge: null,
    context_length: 64_000,
    state: 'needs-key',
  },
  {
    name: 'llama-3.3-70b',
    label: 'Llama 3.3 70B',
    kind: 'local',
    engine: 'openai-compatible',
    needs_key: null,
    knowledge: null,
    context_length: 131_072,
    state: 'unavailable',
  },
  {
    name: 'gpt-4o',
    label: 'GPT-4o',
    kind: 'online',
    engine: 'openai-compatible',
    needs_key: 'OPENAI_API_KEY',
    knowledge: null,
    context_length: 128_000,
    state: 'needs-key',
  },
  {
    name: 'mistral-small',
    label: 'Mistral Small',
    kind: 'local',
    engine: 'openai-compatible',
    needs_key: null,
    knowledge: null,
    context_length: 32_768,
    state: 'ready',
  },
  {
    name: 'embedding-3',
    label: 'Embedding-3',
    kind: 'online',
    engine: 'zhipu',
    purpose: 'embedding',
    needs_key: null,
    knowledge: null,
    context_length: 8192,
    state: 'ready',
  },
  {
    name: 'bge-m3',
    label: 'BGE-M3',
    kind: 'local',
    engine: 'openai-compatible',
    purpose: 'embedding',
    needs_key: null,
    knowledge: null,
    context_length: 8192,
    state: 'ready',
  },
  {
    name: 'text-embedding-3-large',
    label: 'OpenAI text-embedding-3-large',
    kind: 'online',
    engine: 'openai-compatible',
    purpose: 'embedding',
    needs_key: 'OPENAI_API_KEY',
    knowledge: null,
    context_length: 8192,
    state: 'needs-key',
  },
  {
    name: 'bge-reranker-v2-m3',
    label: 'BGE reranker v2',
    kind: 'local',
    engine: 'openai-compatible',
    purpose: 'rerank',
    needs_key: null,
    knowledge: null,
    context_length: 8192,
    state: 'ready',
  },
];
