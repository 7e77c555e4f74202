const COLON = 0x3a;

/** A delta with text, reasoning, or a tool call; the end of an answer without any counts as well. */
const CONTENT =
  /"(?:content|reasoning_content|reasoning|text)" ?: ?"[^"]|"tool_calls" ?: ?\[|"finish_reason" ?: ?"|^data: ?\[DONE\]|^data: ?\{"error"/m;

/** Whether whole events hold the first piece of an answer. The opening chunk, which only names the role, does not. */
export function hasContent(events: Buffer): boolean {
  return CONTENT.test(events.toString('latin1'));
}

/** Whether whole events are more than comments, which prove that the worker lives and prolong nothing. */
export function hasData(events: Buffer): boolean {
  return events[0] !== COLON || events.includes('\ndata:');
}
