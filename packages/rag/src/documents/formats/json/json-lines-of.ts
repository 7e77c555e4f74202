/** A value inside a value deeper than this is written as it stands. */
const MAX_DEPTH = 40;

type JsonObject = Record<string, unknown>;

/** Fields that name a record, the best first. */
const NAMES = ['title', 'name', 'label', 'subject', 'question', 'id', 'key', '标题', '名称', '姓名', '问题', '编号'];

/** The leaves of a JSON value as list items, `- path.to[0].value: text`, in order. */
export function jsonLinesOf(value: unknown): string[] {
  const lines: string[] = [];
  addLeaves(value, { path: '', depth: 0, lines });
  return lines;
}

interface LeafPlace {
  path: string;
  depth: number;
  lines: string[];
}

function addLeaves(value: unknown, { path, depth, lines }: LeafPlace): void {
  const text = asLeaf(value, depth);
  if (text !== null) {
    if (text !== '') lines.push(path === '' ? `- ${text}` : `- ${path}: ${text}`);
    return;
  }
  for (const [key, child] of Object.entries(value as object)) {
    const step = Array.isArray(value) ? `[${Number(key) + 1}]` : path === '' ? key : `.${key}`;
    addLeaves(child, { path: path + step, depth: depth + 1, lines });
  }
}

/** A value that is written in one line, `''` for none; null for one that has values of its own. */
function asLeaf(value: unknown, depth: number): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object' || depth > MAX_DEPTH) return leafText(value);
  return Array.isArray(value) && value.every(isScalar) ? value.map(leafText).join(', ') : null;
}

/** What a record is called; null when no field says it. */
export function recordName(record: unknown): string | null {
  if (!isObject(record)) return null;
  const fields = new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
  for (const name of NAMES) {
    const value = fields.get(name);
    if ((typeof value === 'string' && value.trim() !== '' && value.length <= 120) || typeof value === 'number') {
      return String(value).replaceAll(/\s+/g, ' ').trim();
    }
  }
  return null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** Further lines of a text are indented under their item. */
function leafText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.trim().replaceAll(/\s*\r?\n\s*/g, '\n  ');
}
