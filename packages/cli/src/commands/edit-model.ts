import type { AdminModel, Capabilities, Prices, UpdateModelRequest } from '@parley/contracts';
import { requireRunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import { toLocalSettings, toWholeNumber, type LocalOptions } from './local-options.ts';

export interface EditOptions extends LocalOptions {
  label?: string;
  requests?: string;
  /** `vision,tools,reasoning`, or an empty text for none. */
  can?: string;
  /** `input/output` for a million tokens, such as 0.5/1.5, with the currency behind it when it is not USD. */
  price?: string;
}

const ABILITIES = ['vision', 'tools', 'reasoning'] as const satisfies (keyof Capabilities)[];

/** `parley models edit <name>`: changes what is given, and leaves the rest. */
export async function editModel(context: CommandContext, name: string, options: EditOptions): Promise<void> {
  const { say } = context;
  const { models } = requireRunningSystem(context);
  const model = (await models.overview()).models.find((candidate) => candidate.name === name);
  if (!model) throw new CommandError(say.models.unknown(name));
  const change = toChange(model, options, say);
  if (Object.keys(change).length === 0) throw new CommandError(say.models.nothingToChange);
  await models.change(name, change);
  console.log(say.models.changed(name));
}

function toChange(model: AdminModel, options: EditOptions, say: Messages): UpdateModelRequest {
  const { label, requests, can, price, contextLength, ...local } = options;
  const concurrency = toWholeNumber('--requests', requests, say);
  if (model.local === null && Object.values(local).some(isGiven))
    throw new CommandError(say.models.notLocal(model.name));
  const changesRunning = Object.values({ contextLength, ...local }).some(isGiven);
  const context = model.local === null ? toWholeNumber('--context-length', contextLength, say) : null;
  return {
    ...(label !== undefined && { label }),
    ...(concurrency !== null && { concurrency }),
    ...(can !== undefined && { capabilities: toCapabilities(can, say) }),
    ...(price !== undefined && { prices: toPrices(price, say) }),
    ...(context !== null && { context_length: context }),
    ...(model.local !== null && changesRunning && { local: toLocalSettings(options, say, model.local) }),
  };
}

const isGiven = (value: unknown) => value !== undefined;

function toCapabilities(text: string, say: Messages): Capabilities {
  const named = text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  const unknown = named.find((word) => !ABILITIES.some((ability) => ability === word));
  if (unknown !== undefined) throw new CommandError(say.models.wrongAbility(unknown, ABILITIES.join(', ')));
  return { vision: named.includes('vision'), tools: named.includes('tools'), reasoning: named.includes('reasoning') };
}

function toPrices(text: string, say: Messages): Prices {
  const [, input, output, currency = 'USD'] =
    /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)\s*(USD|CNY)?$/i.exec(text.trim()) ?? [];
  if (input === undefined || output === undefined) throw new CommandError(say.models.wrongPrice(text));
  return { input: Number(input), output: Number(output), currency: currency.toUpperCase() === 'CNY' ? 'CNY' : 'USD' };
}
