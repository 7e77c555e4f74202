import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitMarkdown } from '../documents/split-markdown.ts';
import { GuideLibrary, type GuidePage } from './guide-library.ts';

const root = new URL('../../../../docs/guide/', import.meta.url);
const languages = ['en', 'zh'] as const;
const pages: GuidePage[] = languages.flatMap((language) =>
  readdirSync(new URL(`${language}/`, root)).map((file) => ({
    id: `guide-${language}-${file.replace('.md', '')}`,
    path: `${language}/${file}`,
    language,
    text: readFileSync(new URL(`${language}/${file}`, root), 'utf8'),
  })),
);
const guide = new GuideLibrary(pages);

async function bestFor(question: string): Promise<string> {
  const [best] = await guide.search(question, { limit: 1 });
  return best ? `${best.chunk.documentId} # ${best.chunk.headingPath.join(' > ')}` : 'nothing';
}

describe('the guide in English', () => {
  it.each([
    ['How do I connect Ollama?', 'connect-ollama # How do I connect Ollama?'],
    ['How do I use the Zhipu GLM models?', 'connect-zhipu-glm # How do I connect Zhipu GLM and use its models?'],
    ['How do I use DeepSeek?', 'connect-openai-compatible # How do I connect DeepSeek?'],
    ['Can I run vLLM with this?', 'connect-openai-compatible # How do I connect vLLM?'],
    ['How do I change the port?', 'settings # How do I change the port?'],
    ['What can I set with environment variables?', 'settings # How do I use environment variables?'],
    ['How do I stop an answer?', 'chatting # How do I stop an answer?'],
    ['How do I switch to dark mode?', 'chatting # How do I switch to the dark theme?'],
    ['Which keyboard shortcuts are there?', 'chatting # Which keyboard shortcuts are there?'],
    ['How do I rename a chat?', 'chatting # How do I rename or delete a conversation?'],
    ['Where is my data stored?', 'how-it-works # Where is my data stored?'],
    ['Where does Parley keep my data?', 'how-it-works # Where is my data stored?'],
    ['How do I back up my conversations?', 'how-it-works # How do I back up my conversations?'],
    ['What happens if a worker crashes?', 'how-it-works # What happens when a process or a worker crashes?'],
    ['How do I get an API token for scripts?', 'accounts-and-tokens # How do I get an API token for scripts?'],
    ['I forgot my password', 'accounts-and-tokens # I forgot my password, or want to change it'],
    ['How do I ask a question from the command line?', 'command-line # How do I ask a question from the command line?'],
    ['Can I use the OpenAI Python SDK?', 'api-for-programs # How do I use the OpenAI SDK with Parley?'],
    ['The port is already in use', 'troubleshooting # A port is taken'],
    ['Does it send telemetry?', 'privacy-and-security # Does Parley send my data anywhere?'],
    ['How do I add a PDF?', 'knowledge-bases # How do I upload files, or add a PDF?'],
    ['How do I create a knowledge base?', 'knowledge-bases # How do I create a knowledge base?'],
    ['Can I add a website?', 'knowledge-bases # How do I add a web page or a website?'],
    ['How do I ask questions about my documents?', 'knowledge-bases # How do I ask questions about my documents?'],
    ['Which file formats are supported?', 'knowledge-bases # Which file formats can a knowledge base read?'],
    ['How do I share a knowledge base?', 'knowledge-bases # How do I share a knowledge base?'],
    ['How do I use Chroma?', 'knowledge-base-settings # How do I use a Chroma server?'],
    [
      'How do I change the embedding model?',
      'knowledge-base-settings # How do I change the embedding model of a base, or go back?',
    ],
    [
      'How do I connect an MCP client?',
      'knowledge-bases-for-programs # How do I give Claude, Cursor or another MCP client my documents?',
    ],
    [
      'How do I use vector stores?',
      "knowledge-bases-for-programs # How do I use OpenAI's vector stores and file search?",
    ],
    ['How do I compare two settings?', 'evaluation # How do I compare two settings?'],
    ['Which models can I use?', 'getting-started # Which models can I use?'],
    ['How do I add an API key of OpenAI?', 'add-a-vendor-key # How do I add an API key of a vendor?'],
    ['How do I use Claude?', 'add-a-vendor-key # How do I connect Claude or Gemini?'],
    ['Where is my key stored?', 'add-a-vendor-key # Where is my key stored?'],
    ['How do I run a model locally?', 'local-models # How do I download and run a local model?'],
    ['How do I download a model?', 'local-models # How do I download and run a local model?'],
    ['How do I add a GGUF file?', 'local-models # How do I add a GGUF file of my own?'],
    ['How do I use my GPU?', 'local-models # How do I use my graphics card?'],
    ['How do I use a Hugging Face mirror?', 'local-models # How do I use a mirror of Hugging Face?'],
    ['The model does not start', 'manage-models # A model does not start'],
    [
      'How do I free the memory of a model?',
      'manage-models # How do I load, replace or release a model, and free its memory?',
    ],
    ['How do I keep a model for some people?', 'manage-models # How do I keep a model for some people only?'],
    ['How do I connect LM Studio?', 'connect-openai-compatible # How do I connect LM Studio?'],
    ['How do I manage models on the command line?', 'command-line # How do I manage models on the command line?'],
    ['What is Parley?', 'getting-started # What is Parley?'],
  ])('%s', async (question, place) => {
    expect(await bestFor(question)).toBe(`guide-en-${place}`);
  });

  it('has nothing to say about other things', async () => {
    expect(await bestFor('What is the capital of France?')).toBe('nothing');
  });
});

describe('the guide in Chinese', () => {
  it.each([
    ['怎么接入智谱 GLM?', 'connect-zhipu-glm # 怎么接入智谱 GLM？'],
    ['怎么连接 Ollama？', 'connect-ollama # 怎么连接（接入）Ollama？'],
    ['怎么用 DeepSeek', 'connect-openai-compatible # 怎么接入 DeepSeek？'],
    ['怎么停止回答?', 'chatting # 怎么停止回答？'],
    ['有哪些快捷键？', 'chatting # 有哪些键盘快捷键？'],
    ['怎么切换语言', 'chatting # 怎么切换页面语言？'],
    ['如何切换到深色模式', 'chatting # 怎么切换到深色主题？'],
    ['怎么删除对话', 'chatting # 怎么重命名或删除对话？'],
    ['怎么修改端口？', 'settings # 怎么修改端口？'],
    ['怎么让局域网里的其他电脑访问', 'settings # 怎么让局域网里的其他机器访问 Parley？'],
    ['我的数据保存在哪里？', 'how-it-works # 我的数据保存在哪里？'],
    ['如何备份数据', 'how-it-works # 怎么备份？'],
    ['进程崩溃了会怎样', 'how-it-works # 进程意外退出会怎样？'],
    ['怎么获取脚本用的令牌？', 'accounts-and-tokens # 怎么获取脚本用的 API 令牌？'],
    ['忘记密码了怎么办', 'accounts-and-tokens # 忘记密码，或者想修改密码怎么办？'],
    ['怎么在命令行里提问？', 'command-line # 怎么在命令行里提问？'],
    ['能用 OpenAI 的 SDK 吗', 'api-for-programs # 怎么用 OpenAI SDK 调用 Parley？'],
    ['端口被占用怎么办？', 'troubleshooting # 端口被占用'],
    ['需要密钥是什么意思', 'troubleshooting # 模型显示“需要密钥”是什么意思？'],
    ['数据会发送到外部吗', 'privacy-and-security # Parley 会把我的数据发送出去吗？'],
    ['怎么上传文件?', 'knowledge-bases # 怎么上传文件或添加 PDF？'],
    ['怎么新建知识库？', 'knowledge-bases # 怎么新建知识库？'],
    ['怎么添加网页', 'knowledge-bases # 怎么添加网页或整个网站？'],
    ['怎么就我的文档提问？', 'knowledge-bases # 怎么就我的文档提问？'],
    ['支持哪些文件格式？', 'knowledge-bases # 知识库支持哪些文件格式？'],
    ['怎么共享知识库', 'knowledge-bases # 怎么共享知识库？'],
    ['怎么删除知识库？', 'knowledge-bases # 怎么删除知识库？'],
    ['怎么使用 Chroma', 'knowledge-base-settings # 怎么使用 Chroma 服务器？'],
    ['怎么更换向量模型', 'knowledge-base-settings # 怎么更换知识库的向量模型，或者退回？'],
    ['怎么连接 MCP 客户端', 'knowledge-bases-for-programs # 怎么让 Claude、Cursor 等 MCP 客户端使用我的文档？'],
    ['怎么让模型打分？', 'evaluation # 怎么让模型给回答打分？'],
    ['有哪些模型可以用', 'getting-started # 有哪些模型可以用？'],
    ['怎么添加 OpenAI 的密钥？', 'add-a-vendor-key # 怎么在页面上添加厂商密钥？'],
    ['怎么使用 Claude', 'add-a-vendor-key # 怎么使用 Claude 或 Gemini？'],
    ['我的密钥保存在哪里？', 'add-a-vendor-key # 密钥保存在哪里？'],
    ['怎么下载本地模型', 'local-models # 怎么下载和运行本地模型？'],
    ['怎么使用 GGUF 文件', 'local-models # 怎么使用已有的模型文件？'],
    ['怎么使用显卡？', 'local-models # 怎么使用显卡？'],
    ['怎么用 Hugging Face 镜像', 'local-models # 怎么使用 Hugging Face 的镜像？'],
    ['模型启动不了怎么办', 'manage-models # 模型启动不了'],
    ['怎么释放模型的内存？', 'manage-models # 怎么加载、释放或替换模型？'],
    ['谁可以使用模型？', 'manage-models # 怎么决定谁可以使用模型？'],
    ['怎么在命令行里管理模型？', 'command-line # 怎么在命令行里管理模型？'],
  ])('%s', async (question, place) => {
    expect(await bestFor(question)).toBe(`guide-zh-${place}`);
  });
});

describe('the pages of the guide', () => {
  const pageOf = (language: string, path: string) => pages.find((page) => page.path === `${language}/${path}`);
  const names = pages.filter(({ language }) => language === 'en').map(({ path }) => path.slice(3));
  const headingsOf = (page: GuidePage | undefined) => [...(page?.text.matchAll(/^#+ /gm) ?? [])].length;
  const codeOf = (page: GuidePage | undefined) => [...(page?.text.matchAll(/^ *```(\w*)$/gm) ?? [])].join(' ');

  it.each(names)('%s says the same in both languages: as many sections, the same code blocks', (name) => {
    expect(headingsOf(pageOf('zh', name))).toBe(headingsOf(pageOf('en', name)));
    expect(codeOf(pageOf('zh', name))).toBe(codeOf(pageOf('en', name)));
  });

  it.each(pages.map(({ path }) => path))('%s has one title, and sections short enough to be one passage', (path) => {
    const text = pages.find((page) => page.path === path)!.text;
    expect(text.match(/^# .+$/gm)).toHaveLength(1);
    const sections = splitMarkdown(text).map(({ headingPath }) => headingPath.join(' > '));
    expect(new Set(sections).size).toBe(sections.length);
  });
});

describe('GuideLibrary', () => {
  const tiny = new GuideLibrary([
    { id: 'a', path: 'en/a.md', language: 'en', text: '# Ollama\n\nOllama runs models.' },
    { id: 'b', path: 'zh/b.md', language: 'zh', text: '没有标题的一页。' },
  ]);

  it('knows pages by id and names them by their heading, or their path', () => {
    expect(tiny.list().map(({ id, title }) => [id, title])).toEqual([
      ['a', 'Ollama'],
      ['b', 'zh/b.md'],
    ]);
    expect(tiny.find('a')?.language).toBe('en');
    expect(tiny.find('nobody')).toBeNull();
    expect(tiny.readText('nobody')).toBeNull();
  });

  it('answers spans that stand in the stored text', async () => {
    const [best] = await tiny.search('models', { limit: 1 });
    const { documentId, start, end, text } = best!.chunk;
    expect(tiny.readText(documentId)?.slice(start, end)).toBe(text);
  });

  it('turns to another language when its own has nothing', async () => {
    const found = await tiny.search('Ollama 是什么', { limit: 3 });
    expect(found.map(({ chunk }) => chunk.documentId)).toEqual(['a']);
  });

  it('stays in the language of the question when both fit', async () => {
    const found = await guide.search('ZHIPUAI_API_KEY 写在哪里？', { limit: 5 });
    for (const { chunk } of found) expect(chunk.documentId).toMatch(/^guide-zh-/);
  });
});
