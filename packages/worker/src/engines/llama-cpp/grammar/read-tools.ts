import { z } from 'zod';
import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';

const MOST_TOOLS = 128;

const toolSchema = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1).max(256),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});
export type Tool = z.output<typeof toolSchema>;

const choiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
]);

/** The tools that an answer may call. */
export interface ToolUse {
  tools: readonly Tool[];
  /** Those that it may choose from; all, but for a choice that names one. */
  callable: readonly Tool[];
  /** It must call, and say nothing else. */
  isForced: boolean;
  /** It may call several. */
  isParallel: boolean;
}

/** OpenAI's `tools`, `tool_choice` and `parallel_tool_calls`; null when nothing can be called. */
export function readTools(request: ChatCompletionRequest): ToolUse | null {
  const tools = parse(z.array(toolSchema).max(MOST_TOOLS), request['tools'] ?? [], 'tools');
  const choice = parse(choiceSchema, request['tool_choice'] ?? 'auto', 'tool_choice');
  if (tools.length === 0 || choice === 'none') return null;
  const isParallel = request['parallel_tool_calls'] !== false;
  if (typeof choice === 'string') return { tools, callable: tools, isForced: choice === 'required', isParallel };
  const callable = tools.filter((tool) => tool.function.name === choice.function.name);
  if (callable.length === 0) {
    throw new ParleyError('invalid_request', `There is no tool ${choice.function.name} among the tools.`, {
      param: 'tool_choice',
    });
  }
  return { tools, callable, isForced: true, isParallel: false };
}

function parse<Output>(schema: z.ZodType<Output>, value: unknown, param: string): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = [param, ...(issue?.path ?? [])].join('.');
  throw new ParleyError('invalid_request', `${place}: ${issue?.message ?? 'not allowed'}.`, { param: place });
}
