import { randomUUID } from 'node:crypto';
import { Template } from '@huggingface/jinja';
import { ParleyError } from '@parley/contracts';
import { withoutSystemRole, withRolesInTurn, type TemplateMessage } from './to-template-messages.ts';

/** A rendered prompt in its order: what the template wrote, in which control tokens count, and what people wrote. */
export interface PromptPiece {
  from: 'template' | 'people';
  text: string;
}

export interface TemplateInput {
  messages: readonly TemplateMessage[];
  /** OpenAI's `tools`; null when the request has none, or the template is not to see them. */
  tools: readonly unknown[] | null;
}

/** For a file without a template. */
export const PLAIN_TEMPLATE =
  "{{ bos_token }}{% for message in messages %}{{ message['role'] | capitalize + ': ' + message['content'] + '\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";
export const PLAIN_TEMPLATE_STOP = '\nUser:';

/** The chat template of a model's file. */
export class ChatTemplate {
  readonly source: string;
  readonly #template: Template;
  readonly #tokens: Record<string, string>;
  readonly #knowsSystem: boolean;

  /** `tokens` are those that templates name: `bos_token`, `eos_token`. */
  constructor(source: string, tokens: Record<string, string>) {
    this.source = source;
    this.#template = new Template(source);
    this.#tokens = tokens;
    this.#knowsSystem = this.#triesSystem();
  }

  /** Throws `invalid_request` with the template's own words when it refuses the messages. */
  render({ messages, tools }: TemplateInput): PromptPiece[] {
    const told = this.#knowsSystem ? [...messages] : withoutSystemRole(messages);
    try {
      return this.#render(told, tools);
    } catch {
      return this.#renderOrRefuse(withRolesInTurn(told), tools);
    }
  }

  #renderOrRefuse(messages: readonly TemplateMessage[], tools: TemplateInput['tools']): PromptPiece[] {
    try {
      return this.#render(messages, tools);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ParleyError('invalid_request', `The model's chat template refuses these messages: ${reason}`, {
        param: 'messages',
        cause: error,
      });
    }
  }

  // The template sees a mark in place of each text: what people write can then never become a control token.
  #render(messages: readonly TemplateMessage[], tools: TemplateInput['tools']): PromptPiece[] {
    const mark = `x${randomUUID().replaceAll('-', '')}x`;
    const marked = messages.map((message, place) =>
      message.content === '' ? message : { ...message, content: `${mark}${place}x` },
    );
    const text = this.#template.render({
      ...this.#tokens,
      messages: marked,
      add_generation_prompt: true,
      ...(tools && { tools }),
    });
    return split(text, mark, messages);
  }

  #triesSystem(): boolean {
    const question = { role: 'user', content: 'question' };
    try {
      return this.#template
        .render({ ...this.#tokens, messages: [{ role: 'system', content: 'rule' }, question], tools: null })
        .includes('rule');
    } catch {
      return false;
    }
  }
}

function split(text: string, mark: string, messages: readonly TemplateMessage[]): PromptPiece[] {
  const parts = text.split(new RegExp(`${mark}(\\d+)x`));
  return parts
    .map((part, place): PromptPiece =>
      place % 2 === 0
        ? { from: 'template', text: part }
        : { from: 'people', text: messages[Number(part)]?.content ?? '' },
    )
    .filter(({ text: piece }) => piece !== '');
}
