import { textOfMessage, withoutPassageBlock, type ChatMessage } from '@parley/contracts';
import { detectLanguage, type Language } from '@parley/text';
import { toQuestionItems, type QuestionItem } from './question-items.ts';

export interface Question {
  text: string;
  language: Language;
  /** What an answer has to cover. */
  items: QuestionItem[];
  /** What the conversation was about before, when the question leans on it; helps to rank only. */
  context: QuestionItem[];
  wantsSteps: boolean;
  /** It is about the one who answers, or a mere greeting. */
  isAboutMe: boolean;
}

const CONTEXT_WEIGHT = 0.3;
/** UTF-16 units of a question that are read; what is longer is a text, and its beginning says what about. */
const LONGEST_QUESTION = 2_000;
const POINTS_BACK = /\b(it|its|that|this|they|them|those|these|there|one|ones|same|too)\b|它|这|那|呢|还有|其他/i;
const ASKS_HOW = /\bhow\b|\bsteps?\b|\binstall|\bset up\b|怎么|怎样|如何|步骤|安装/i;
const ABOUT_ME = [
  /^(please )?(tell me )?who (are|r) (you|u)\b/i,
  /^(so )?what are you\b(?! (able|good|doing))/i,
  /\bwhat('s| is) your name\b/i,
  /\bare you (an? )?(ai|artificial|chatgpt|gpt|bot|robot|human|person|real|language model|llm|machine)/i,
  /^introduce yourself/i,
  /^(what can (you|u) do|what are you (able|good)|help\b.{0,10}$)/i,
  /你(能|会|可以)(帮我)?(做|干)(些|点)?(什么|啥)/,
  /你(到底|究竟)?是(谁|什么|啥)/,
  /你叫什么/,
  /你(是不是|是)(一个)?(ChatGPT|GPT|AI|人工智能|机器人|人类|真人|大?模型)/i,
  /介绍(一下)?(你自己|自己)/,
  /^(hi|hello|hey|thanks?( you| a lot)?|good (morning|afternoon|evening)|你好|您好|谢谢|多谢|嗨|哈喽|早上好|晚上好)(\s*(there|parley|呀|啊))?[\s!.,，。！~]*$/i,
];
/** A longer text that happens to hold such words asks for something else. */
const LONGEST_ABOUT_ME = 60;

/** The last question of a conversation, and what it leans on. */
export function readQuestion(messages: readonly ChatMessage[]): Question {
  const asked = messages.filter(({ role }) => role === 'user').map((message) => plainText(message));
  const text = asked.at(-1) ?? '';
  const own = toQuestionItems(text);
  const before = own.length <= 2 || POINTS_BACK.test(text) ? toQuestionItems(asked.at(-2) ?? '') : [];
  const hasOwn = own.length > 0;
  return {
    text,
    language: detectLanguage(text),
    // "Why?" asks about what was asked before.
    items: hasOwn ? own : before,
    context: hasOwn ? before.map((item) => ({ ...item, weight: item.weight * CONTEXT_WEIGHT })) : [],
    wantsSteps: ASKS_HOW.test(text),
    isAboutMe: text.length <= LONGEST_ABOUT_ME && ABOUT_ME.some((pattern) => pattern.test(text)),
  };
}

function plainText(message: ChatMessage): string {
  return withoutPassageBlock(textOfMessage(message)).trim().slice(0, LONGEST_QUESTION);
}
