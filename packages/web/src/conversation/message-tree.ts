import type { Message } from '@parley/contracts';

/** A message as the page shows it: `key` stays while `id` changes from the page's own to the server's. */
export interface ShownMessage extends Message {
  key: string;
}

/** Which child is shown under a parent (`null`: the root), where the reader has chosen; else the newest. */
export type BranchChoice = ReadonlyMap<string | null, string>;

/** The messages from the root to a leaf that the choice leads along; linear in their number. */
export function visiblePath(messages: readonly ShownMessage[], choice: BranchChoice): ShownMessage[] {
  const children = childrenByParent(messages);
  const path: ShownMessage[] = [];
  let parent: string | null = null;
  while (path.length <= messages.length) {
    const candidates: ShownMessage[] = children.get(parent) ?? [];
    const chosen = choice.get(parent);
    const next: ShownMessage | undefined = candidates.find((message) => message.key === chosen) ?? candidates.at(-1);
    if (next === undefined) break;
    path.push(next);
    parent = next.id;
  }
  return path;
}

/** The messages that follow the same parent in the same role, oldest first: edits, or regenerations. */
export function siblingsOf(messages: readonly ShownMessage[], message: Message): ShownMessage[] {
  return messages.filter((other) => other.parent_id === message.parent_id && other.role === message.role);
}

/** The choice after showing `key` under its parent. */
export function choose(choice: BranchChoice, parent: string | null, key: string): BranchChoice {
  return new Map(choice).set(parent, key);
}

function childrenByParent(messages: readonly ShownMessage[]): Map<string | null, ShownMessage[]> {
  const known = new Set(messages.map((message) => message.id));
  const children = new Map<string | null, ShownMessage[]>();
  for (const message of messages) {
    // A message whose parent is not here would be lost to the reader; it starts a branch of its own.
    const parent = message.parent_id !== null && known.has(message.parent_id) ? message.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), message]);
  }
  return children;
}
