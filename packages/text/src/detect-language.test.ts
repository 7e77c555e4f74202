import { expect, it } from 'vitest';
import { detectLanguage } from './detect-language.ts';

it.each(['怎么接入智谱 GLM?', '接入 Ollama', '怎么用 npm run parley ask', '什么是 `npm run -s parley -- ask`', '你好'])(
  'takes "%s" as Chinese',
  (text) => expect(detectLanguage(text)).toBe('zh'),
);

it.each(['How do I connect Ollama?', 'What does 停止 do?', 'Look at https://example.com/中文页面 please', '', '42'])(
  'takes "%s" as English',
  (text) => expect(detectLanguage(text)).toBe('en'),
);
