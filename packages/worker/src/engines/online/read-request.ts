import { z } from 'zod';
import type { ChatCompletionRequest } from '@parley/contracts';
import { invalid } from './read-message.ts';

// Fields of OpenAI's request that our schema lets pass, for vendors that have a wire of their own.

const functionSchema = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string(),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});
const isFunction = (tool: Record<string, unknown>) => tool['type'] === 'function';
const toolsSchema = z.array(z.record(z.string(), z.unknown())).nullish();

/** A request's tools: functions of the caller's, and the vendor's own, which pass as they are. */
export function toolsOf(request: ChatCompletionRequest) {
  const tools = toolsSchema.safeParse(request['tools']);
  if (!tools.success) throw invalid('The tools of the request cannot be read.', 'tools');
  const all = tools.data ?? [];
  const functions = z.array(functionSchema).safeParse(all.filter(isFunction));
  if (!functions.success) throw invalid('A tool of the request has no readable function.', 'tools');
  return {
    functions: functions.data.map((tool) => tool.function),
    native: all.filter((tool) => !isFunction(tool)),
  };
}

const choiceSchema = z.union([
  z.enum(['auto', 'none', 'required']).transform((mode) => ({ mode, name: null })),
  z
    .looseObject({ function: z.looseObject({ name: z.string() }) })
    .transform((choice) => ({ mode: 'one' as const, name: choice.function.name })),
]);

/** Which tools the model must call; null where the request leaves it to the vendor. */
export function toolChoiceOf(request: ChatCompletionRequest): z.output<typeof choiceSchema> | null {
  const choice = request['tool_choice'] ?? null;
  if (choice === null) return null;
  const parsed = choiceSchema.safeParse(choice);
  if (!parsed.success) throw invalid('The tool choice of the request cannot be read.', 'tool_choice');
  return parsed.data;
}

const formatSchema = z.looseObject({
  type: z.string(),
  json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }).nullish(),
});

/** What form the answer must have: any text, JSON, or JSON by a schema. */
export function answerFormOf(request: ChatCompletionRequest) {
  const parsed = formatSchema.safeParse(request['response_format']);
  const { type = 'text', json_schema } = parsed.data ?? {};
  return { isJson: type === 'json_object' || type === 'json_schema', schema: json_schema?.schema ?? null };
}

/** A field of the vendor's own, as the caller named it. */
export function ownField(request: ChatCompletionRequest, name: string): unknown {
  return request[name] ?? undefined;
}

/** A word among the fields of the vendor's own; '' when there is none. */
export function ownWord(request: ChatCompletionRequest, name: string): string {
  const word = request[name];
  return typeof word === 'string' ? word : '';
}
