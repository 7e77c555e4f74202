import type { Language } from '@parley/text';

/** All that the extractive engine says in its own words; everything else it says is quoted. */
export interface Phrases {
  leadIn: string;
  noAnswer: (name: string) => string;
  noPassages: (name: string) => string;
  aboutMe: (name: string) => string;
}

export const phrases: Record<Language, Phrases> = {
  en: {
    leadIn: 'From the documents:',
    noAnswer: (name) =>
      `The documents that I have do not answer this. I am ${name}: I do not write, I quote. ` +
      'Ask about something that the documents cover, or choose a model that writes.',
    noPassages: (name) =>
      `I found no document that fits this question. I am ${name}: I do not write, I quote. ` +
      'Ask about something that the documents cover, or choose a model that writes.',
    aboutMe: (name) =>
      `I am ${name}. I am not a language model and I do not write: I look your question up in the documents ` +
      'and quote the sentences that answer it, each with its source. Ask me something that they cover, ' +
      'or choose a model that writes.',
  },
  zh: {
    leadIn: '根据文档：',
    noAnswer: (name) =>
      `我手上的文档没有回答这个问题。我是 ${name}：我不写作，只引用。请问一个文档里有的问题，或者换一个会写作的模型。`,
    noPassages: (name) =>
      `没有找到与这个问题相符的文档。我是 ${name}：我不写作，只引用。请问一个文档里有的问题，或者换一个会写作的模型。`,
    aboutMe: (name) =>
      `我是 ${name}。我不是语言模型，也不写作：我在文档里查找你的问题，逐句引用能回答它的原文，并注明出处。` +
      '请问一个文档里有的问题，或者换一个会写作的模型。',
  },
};
