import { describe, expect, it } from 'vitest';
import { chatTemplate } from '../../../testing/tiny-models/chat/chat-template.ts';
import { teachTools } from '../prompt/teach-tools.ts';
import { toTemplateMessages } from '../prompt/to-template-messages.ts';
import type { Tool } from './read-tools.ts';
import { toolFormatOf } from './tool-format.ts';

const clock: Tool = { type: 'function', function: { name: 'get_time', parameters: { type: 'object' } } };

describe('how a model calls tools', () => {
  it('stands in its template', () => {
    expect(toolFormatOf(chatTemplate)).toMatchObject({ open: '<tool_call>', isInTemplate: true });
    const escaped = String.raw`{% if tools %}<tool_call>\n{\"name\": <name>, \"arguments\": <json>}{% endif %}`;
    expect(toolFormatOf(escaped)).toMatchObject({ open: '<tool_call>', isInTemplate: true });
    const llama = `{% if tools %}{"name": function name, "parameters": dictionary of argument name{% endif %}`;
    expect(toolFormatOf(llama)).toMatchObject({ argumentsKey: 'parameters', isInTemplate: true });
  });

  it('is taught where the template shows no tools, or calls that we do not read', () => {
    for (const template of ['{{ messages[0].content }}', '{% if tools %}<tool_call><function=name>{% endif %}']) {
      expect(toolFormatOf(template)).toMatchObject({ open: '<tool_call>', isInTemplate: false });
    }
  });

  it('is taught in the system text, and earlier calls and results become plain text', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{"zone":"UTC"}' } };
    const messages = toTemplateMessages([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'What time is it?' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
    ]);
    const [system, ...others] = teachTools(messages, [clock]);
    expect(system?.content).toMatch(/^Be kind\.\n\nYou may call functions[\s\S]*"get_time"[\s\S]*<tool_call>/);
    expect(others.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: What time is it?',
      'assistant: <tool_call>\n{"name":"get_time","arguments":{"zone":"UTC"}}\n</tool_call>',
      'user: <tool_response>\nnoon\n</tool_response>',
    ]);
    expect(teachTools([], [clock])).toHaveLength(1);
  });
});
