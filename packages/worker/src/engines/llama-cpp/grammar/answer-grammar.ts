import { z } from 'zod';
import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import { objectRule } from './json-values.ts';
import type { Tool, ToolUse } from './read-tools.ts';
import { literal, RuleBook, SPACE } from './rule-book.ts';
import { schemaRule, schemaScope } from './schema-rule.ts';
import type { ToolFormat } from './tool-format.ts';

const formatSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()).nullish() }),
  }),
]);

/** The grammar of OpenAI's `response_format`; null for plain text. */
export function responseGrammar(request: ChatCompletionRequest): string | null {
  const parsed = formatSchema.safeParse(request['response_format'] ?? { type: 'text' });
  if (!parsed.success) {
    throw new ParleyError(
      'invalid_request',
      'response_format must be text, json_object, or json_schema with a schema.',
      {
        param: 'response_format',
      },
    );
  }
  if (parsed.data.type === 'text') return null;
  const rules = new RuleBook();
  const schema = parsed.data.type === 'json_schema' ? (parsed.data.json_schema.schema ?? null) : null;
  return rules.toGbnf(schema === null ? objectRule(rules) : schemaRule(schema, schemaScope(rules, schema)));
}

/** The grammar of calls: a whole answer that must call, or what follows on the opening mark of a call. */
export function toolGrammar(use: ToolUse, format: ToolFormat, from: 'answer' | 'open-mark'): string {
  const rules = new RuleBook();
  const rest = rules.add(use.callable.map((tool) => callRule(tool, format, rules)).join(' | '));
  const open = literal(format.open);
  const more = use.isParallel && format.close !== '' ? ` ( ${SPACE} ${open} ${rest} )*` : '';
  return rules.toGbnf(from === 'answer' ? `${open} ${rest}${more}` : `${rest}${more}`);
}

/** One call after its opening mark. Where the mark is the beginning of the JSON text, that goes on. */
function callRule({ function: { name, parameters } }: Tool, format: ToolFormat, rules: RuleBook): string {
  // Arguments are an object, also where the schema does not say so.
  const values = schemaRule({ ...parameters, type: 'object' }, schemaScope(rules, parameters));
  const head = format.open.startsWith('{') ? SPACE : `${SPACE} "{" ${SPACE} ${literal('"name":')} ${SPACE}`;
  const tail = format.close === '' ? '' : `${SPACE} ${literal(format.close)}`;
  const key = literal(`"${format.argumentsKey}":`);
  const named = literal(JSON.stringify(name));
  return rules.add(`${head} ${named} ${SPACE} "," ${SPACE} ${key} ${SPACE} ${values} ${SPACE} "}" ${tail}`);
}
