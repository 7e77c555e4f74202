import type { Tool } from './read-tools.ts';

/** How a family of models writes that it calls a tool: JSON with a name and arguments, between two marks. */
export interface ToolFormat {
  /** What a call begins with. */
  open: string;
  /** What ends it; "" where the end of the answer does. */
  close: string;
  argumentsKey: 'arguments' | 'parameters';
  /** The template shows the tools to the model by itself. */
  isInTemplate: boolean;
}

const HERMES = { open: '<tool_call>', close: '</tool_call>', argumentsKey: 'arguments' } as const;
const LLAMA = { open: '{"name":', close: '', argumentsKey: 'parameters' } as const;

// As the templates' own words to the model tell; within a template, quotes may be escaped.
const TEACHES_HERMES = /<tool_call>[\s\S]*"arguments\\?":/;
const TEACHES_LLAMA = /"parameters\\?": dictionary/;

/** The format that a chat template speaks; one that speaks none, or none that we read, is taught the first. */
export function toolFormatOf(template: string): ToolFormat {
  const showsTools = /\btools\b/.test(template);
  if (showsTools && TEACHES_HERMES.test(template)) return { ...HERMES, isInTemplate: true };
  if (showsTools && TEACHES_LLAMA.test(template)) return { ...LLAMA, isInTemplate: true };
  return { ...HERMES, isInTemplate: false };
}

/** What a model is told whose template does not show the tools. */
export function toolLesson(tools: readonly Tool[]): string {
  const list = tools.map((tool) => JSON.stringify(tool.function)).join('\n');
  return `You may call functions. These are the functions, as JSON:\n${list}\n
To call one, write its name and its arguments as JSON, and nothing after it:
<tool_call>
{"name": "…", "arguments": {…}}
</tool_call>`;
}
