import { Template } from '@huggingface/jinja';
import { ParleyError } from '@parley/contracts';
import { mapTexts, TextMarks, type PromptPiece } from './text-marks.ts';
import { withoutSystemRole, withRolesInTurn, type TemplateMessage } from './to-template-messages.ts';

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
  readonly #hasControl: (text: string) => boolean;
  readonly #knowsSystem: boolean;

  /**
   * `tokens` are those that templates name: `bos_token`, `eos_token`; `hasControl` says whether a text has
   * control tokens in it. Throws `model_file_unreadable` for a template that is none.
   */
  constructor(source: string, tokens: Record<string, string>, hasControl: (text: string) => boolean = () => false) {
    this.source = source;
    this.#template = parse(source);
    this.#tokens = tokens;
    this.#hasControl = hasControl;
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
      const message = `The model's chat template refuses these messages: ${reasonOf(error)}`;
      throw new ParleyError('invalid_request', message, { param: 'messages', cause: error });
    }
  }

  // The template sees a mark in place of each text: what people write can then never become a control token.
  #render(messages: readonly TemplateMessage[], tools: TemplateInput['tools']): PromptPiece[] {
    const marks = new TextMarks();
    // Calls and tools stay as they are but for texts with control tokens: templates look into them.
    const guarded = (value: unknown) =>
      mapTexts(value, (text) => (this.#hasControl(text) ? marks.hide(text, 'json') : text));
    const marked = messages.map(({ content, ...others }) => ({
      ...(guarded(others) as Record<string, unknown>),
      content: content === '' ? '' : marks.hide(content, 'text'),
    }));
    const text = this.#template.render({
      ...this.#tokens,
      messages: marked,
      add_generation_prompt: true,
      ...(tools && { tools: guarded(tools) }),
    });
    return marks.split(text);
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

function parse(source: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    const message = `The chat template in the model's file cannot be read: ${reasonOf(error)}`;
    throw new ParleyError('model_file_unreadable', message, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
