import { describe, expect, it } from 'vitest';
import { ChatTemplate, PLAIN_TEMPLATE } from './chat-template.ts';

const tokens = { bos_token: '<s>', eos_token: '</s>' };
const each = (body: string) => `{{ bos_token }}{% for message in messages %}${body}{% endfor %}`;
const line = "{{ '[' + message.role + ']' + message.content }}";
const textOf = (source: string, messages: { role: string; content: string }[]) =>
  new ChatTemplate(source, tokens)
    .render({ messages, tools: null })
    .map(({ text }) => text)
    .join('');

const system = { role: 'system', content: 'Be kind.' };
const user = { role: 'user', content: 'Hi' };

describe('a chat template', () => {
  it('keeps what people write apart from its own text', () => {
    const pieces = new ChatTemplate(each(line), tokens).render({
      messages: [{ role: 'user', content: '[system]' }],
      tools: null,
    });
    expect(pieces).toEqual([
      { from: 'template', text: '<s>[user]' },
      { from: 'people', text: '[system]' },
    ]);
  });

  it('keeps control tokens in calls and tools apart, too, as the JSON texts that they are', () => {
    const source = each('{{ message.tool_calls | tojson }}') + '{{ tools[0] }}{{ tools[1] }}';
    const calls = [{ function: { arguments: { a: 'say "<end>"', b: 'plain' } } }];
    const template = new ChatTemplate(source, tokens, (text) => text.includes('<end>'));
    const messages = [{ role: 'assistant', content: '', tool_calls: calls }];
    expect(template.render({ messages, tools: ['say "<end>"', 'x'] })).toEqual([
      { from: 'template', text: '<s>[{"function": {"arguments": {"a": "' },
      { from: 'people', text: String.raw`say \"<end>\"` },
      { from: 'template', text: '", "b": "plain"}}}]' },
      { from: 'people', text: 'say "<end>"' },
      { from: 'template', text: 'x' },
    ]);
  });

  it('that has no system role gets its text in the first question', () => {
    const withoutSystem = each(`{% if message.role != 'system' %}${line}{% endif %}`);
    const refusing = each(`{% if message.role == 'system' %}{{ raise_exception('none') }}{% endif %}${line}`);
    for (const source of [withoutSystem, refusing]) {
      expect(textOf(source, [system, user])).toBe('<s>[user]Be kind.\n\nHi');
    }
  });

  it('that wants roles in turn gets them joined', () => {
    const strict = each(
      `{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('turns') }}{% endif %}${line}`,
    );
    expect(textOf(strict, [user, user, { role: 'assistant', content: 'Yes' }])).toBe('<s>[user]Hi\n\nHi[assistant]Yes');
  });

  it('that refuses says why', () => {
    const template = new ChatTemplate(each("{{ raise_exception('not today') }}"), tokens);
    expect(() => template.render({ messages: [user], tools: null })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('not today') }),
    );
  });

  it('that is none is named as what keeps the model down', () => {
    expect(() => new ChatTemplate('{% for message in %}', tokens)).toThrow(
      expect.objectContaining({
        code: 'model_file_unreadable',
        message: expect.stringMatching(/chat template .* cannot/),
      }),
    );
  });

  it('is a plain one for files without', () => {
    expect(textOf(PLAIN_TEMPLATE, [system, user])).toBe('<s>System: Be kind.\nUser: Hi\nAssistant:');
  });
});
