import type { Tool } from '../grammar/read-tools.ts';
import { toolLesson } from '../grammar/tool-format.ts';
import type { TemplateMessage } from './to-template-messages.ts';

/** For templates that know no tools: they are explained in the system's text, and calls and results become plain text. */
export function teachTools(messages: readonly TemplateMessage[], tools: readonly Tool[]): TemplateMessage[] {
  const lesson = toolLesson(tools);
  const [first, ...others] = messages.map(asText);
  if (first?.role === 'system') return [{ ...first, content: `${first.content}\n\n${lesson}` }, ...others];
  return [{ role: 'system', content: lesson }, ...(first ? [first, ...others] : [])];
}

function asText({ tool_calls: calls, tool_call_id: answered, ...message }: TemplateMessage): TemplateMessage {
  if (answered !== undefined || message.role === 'tool') {
    return { role: 'user', content: `<tool_response>\n${message.content}\n</tool_response>` };
  }
  if (!Array.isArray(calls)) return message;
  const written = calls.map((call: unknown) => `<tool_call>\n${JSON.stringify(calledOf(call))}\n</tool_call>`);
  return { ...message, content: [message.content, ...written].filter((text) => text !== '').join('\n') };
}

function calledOf(call: unknown): unknown {
  return typeof call === 'object' && call !== null ? Reflect.get(call, 'function') : call;
}
