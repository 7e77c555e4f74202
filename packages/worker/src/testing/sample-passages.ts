import type { PromptPassage } from '@parley/contracts';

/** A small made-up guide for tests, in English. */
export const englishPassages: readonly PromptPassage[] = [
  {
    index: 1,
    title: 'Getting started',
    text: `# Getting started

Parley runs on your own machine. You need Node 20 or newer.

## Install

To install Parley, do this:

1. Clone the repository.
2. Run the installer:
   \`\`\`sh
   npm ci
   \`\`\`
3. Start it with \`npm start\`.

The page opens at http://127.0.0.1:8000.`,
  },
  {
    index: 2,
    title: 'Conversations',
    text: `# Conversations

Every conversation is stored on the server. You find all of them in the list on the left.

## Rename and delete

To rename a conversation, double-click its title. To delete one, open its menu and choose Delete. A deleted conversation cannot be brought back.

## Stop an answer

The Stop button ends an answer at once, from any tab. What was written so far is kept.`,
  },
  {
    index: 3,
    title: 'Models',
    text: `# Models

## Add a key for Zhipu

Put \`ZHIPUAI_API_KEY=id.secret\` into the file \`.env\` and restart Parley.

Parley knows three kinds of models:

- extractive: quotes documents and needs no key.
- local: runs on your own GPU.
- online: an API such as Zhipu or OpenAI.

| Key | What it does |
|---|---|
| Enter | sends the question |
| Shift+Enter | starts a new line |`,
  },
];

/** The same for Chinese. */
export const chinesePassages: readonly PromptPassage[] = [
  {
    index: 1,
    title: '快速开始',
    text: `# 快速开始

Parley 在你自己的机器上运行。需要 Node 20 或更新的版本。

## 安装

按以下步骤安装：

1. 克隆仓库。
2. 运行 \`npm ci\`。
3. 用 \`npm start\` 启动。`,
  },
  {
    index: 2,
    title: '对话',
    text: `# 对话

每个对话都保存在服务器上。左侧列表里能找到全部对话。

## 重命名和删除

双击标题即可重命名对话。要删除对话，打开它的菜单并选择“删除”。删除后的对话无法恢复。

## 更换主题

在设置里可以切换浅色和深色主题。`,
  },
];
