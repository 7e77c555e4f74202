import { ParleyError, textOfMessage, type ChatMessage } from '@parley/contracts';

/** A message as chat templates read it. */
export interface TemplateMessage {
  role: string;
  content: string;
  [field: string]: unknown;
}

const ROLES: Partial<Record<ChatMessage['role'], string>> = { developer: 'system', function: 'tool' };
/** Templates take earlier thoughts out of the text by themselves; ours never sees the text. */
const THOUGHT = /^\s*<think>[\s\S]*?<\/think>\s*/;

/** OpenAI's messages as templates take them: text only, calls of tools with their arguments as objects. */
export function toTemplateMessages(messages: readonly ChatMessage[]): TemplateMessage[] {
  return messages.map((message, place) => {
    refuseImages(message, place);
    const role = ROLES[message.role] ?? message.role;
    const text = textOfMessage(message);
    const content = role === 'assistant' ? text.replace(THOUGHT, '') : text;
    const calls = message['tool_calls'];
    return {
      role,
      content,
      ...(typeof message['name'] === 'string' && { name: message['name'] }),
      ...(typeof message['tool_call_id'] === 'string' && { tool_call_id: message['tool_call_id'] }),
      ...(Array.isArray(calls) && calls.length > 0 && { tool_calls: calls.map(withParsedArguments) }),
    };
  });
}

function refuseImages({ content }: ChatMessage, place: number): void {
  const other = Array.isArray(content) ? content.find(({ type }) => type !== 'text') : undefined;
  if (other === undefined) return;
  throw new ParleyError('invalid_request', `This model reads text only; it was sent a part of type ${other.type}.`, {
    param: `messages.${place}.content`,
  });
}

function withParsedArguments(call: unknown): unknown {
  if (typeof call !== 'object' || call === null) return call;
  const called: unknown = Reflect.get(call, 'function');
  if (typeof called !== 'object' || called === null) return call;
  const text: unknown = Reflect.get(called, 'arguments');
  return { ...call, function: { ...called, arguments: typeof text === 'string' ? parseOr(text) : text } };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** For templates that know no system role: its text stands at the head of the first question. */
export function withoutSystemRole(messages: readonly TemplateMessage[]): TemplateMessage[] {
  const told = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  if (told.length === 0) return [...messages];
  const others = messages.filter(({ role }) => role !== 'system');
  const first = others.findIndex(({ role }) => role === 'user');
  if (first === -1) return [{ role: 'user', content: told.join('\n\n') }, ...others];
  return others.map((message, place) =>
    place === first ? { ...message, content: [...told, message.content].join('\n\n') } : message,
  );
}

/** For templates that want roles in turn: what one role says in a row is one message. */
export function withRolesInTurn(messages: readonly TemplateMessage[]): TemplateMessage[] {
  const joined: TemplateMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const canJoin = last?.role === message.role && !('tool_calls' in message) && message.role !== 'tool';
    if (last && canJoin) joined[joined.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
    else joined.push(message);
  }
  return joined;
}
