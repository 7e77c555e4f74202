import type { CallToolResult } from '@modelcontextprotocol/server';
import { ParleyError, type Source } from '@parley/contracts';
import { asParleyError } from '@parley/service-kit';
import type { AccessibleBase, BaseAccess } from '../../knowledge/base-access.ts';
import type { KnowledgeSearch } from '../../retrieval/knowledge-search.ts';
import type { ToolCalls } from './create-mcp-server.ts';
import type { PassageWindows } from './passage-windows.ts';
import {
  DATA_NOTE,
  type FetchInput,
  type FetchOutput,
  type SearchInput,
  type SearchOutput,
} from './tool-definitions.ts';
import { warningOf } from './warning-of.ts';

/** Longest quote of one result; `fetch` reads on. */
const MOST_QUOTE_LETTERS = 1_200;
const MOST_NAMES = 30;

export interface KnowledgeToolsParts {
  access: Pick<BaseAccess, 'list' | 'requireChunk'>;
  search: Pick<KnowledgeSearch, 'find'>;
  windows: PassageWindows;
  /** Hears of what went wrong inside; the asker is told less. */
  onError: (error: unknown) => void;
}

/** Who calls the tools, and how they reach the page. */
export interface Asker {
  userId: string;
  /** Such as `http://127.0.0.1:8000`. */
  origin: string;
}

/** The tools of the MCP server for one user: they see what that user may read. */
export class KnowledgeTools implements ToolCalls {
  readonly #parts: KnowledgeToolsParts;
  readonly #asker: Asker;

  constructor(parts: KnowledgeToolsParts, asker: Asker) {
    this.#parts = parts;
    this.#asker = asker;
  }

  search(input: SearchInput, signal: AbortSignal): Promise<CallToolResult> {
    return this.#answer(() => this.#search(input, signal));
  }

  fetch(input: FetchInput): Promise<CallToolResult> {
    return this.#answer(() => this.#fetch(input));
  }

  async #search({ query, bases: names, limit }: SearchInput, signal: AbortSignal): Promise<SearchOutput> {
    const { userId } = this.#asker;
    const bases = named(await this.#parts.access.list(userId), names);
    if (bases.length === 0) return { note: DATA_NOTE, results: [], alarms: ['There is no knowledge base yet.'] };
    const task = { userId, baseIds: bases.map(({ id }) => id), passages: limit };
    const { sources, trace } = await this.#parts.search.find([query], task, signal);
    const chunkIds = new Map(trace?.hits.map(({ index, chunk_id: id }) => [index, id]));
    const nameOf = new Map(bases.map(({ id, name }) => [id, name]));
    return {
      note: DATA_NOTE,
      results: sources.map((source) => ({
        id: chunkIds.get(source.index) ?? '',
        base: nameOf.get(source.base_id ?? '') ?? '',
        ...this.#toResult(source),
      })),
      alarms: (trace?.alarms ?? []).map(({ message }) => message),
    };
  }

  #toResult(source: Source): Omit<SearchOutput['results'][number], 'id' | 'base'> {
    const { document_id, title, page, heading_path: headings, quote, start, end, score, flags } = source;
    return {
      title,
      url: this.#urlOf({ baseId: source.base_id ?? '', documentId: document_id, start, end }),
      document_id,
      page,
      headings,
      start,
      end,
      score,
      flags,
      quote: quote.length > MOST_QUOTE_LETTERS ? `${quote.slice(0, MOST_QUOTE_LETTERS).toWellFormed()} …` : quote,
      ...warningOf(flags),
    };
  }

  async #fetch({ id, from }: FetchInput): Promise<FetchOutput> {
    const { access, windows } = this.#parts;
    const { base } = await access.requireChunk(this.#asker.userId, id, 'reader');
    const { passage, text, start, end, length, flagged } = await windows.read(id, from ?? null);
    const { documentId, title, page, headingPath } = passage;
    return {
      id,
      title,
      text,
      url: this.#urlOf({ baseId: base.id, documentId, start: passage.start, end: passage.end }),
      metadata: {
        note: DATA_NOTE,
        base: base.name,
        document_id: documentId,
        start,
        end,
        length,
        page,
        flagged,
        headings: [...headingPath],
        ...warningOf(flagged.flatMap(({ flags }) => flags)),
      },
    };
  }

  #urlOf({ baseId, documentId, start, end }: { baseId: string; documentId: string; start: number; end: number }) {
    return `${this.#asker.origin}/knowledge/${baseId}/documents/${documentId}?at=${start}-${end}`;
  }

  // What goes wrong is told as the tool's result: a model can do something about a wrong id.
  async #answer(work: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
    try {
      const output = await work();
      return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
    } catch (error) {
      if (!(error instanceof ParleyError)) this.#parts.onError(error);
      return { content: [{ type: 'text', text: asParleyError(error).message }], isError: true };
    }
  }
}

const isNamed = (base: AccessibleBase, name: string): boolean =>
  base.id === name || base.name.toLowerCase() === name.trim().toLowerCase();

/** The bases of these names, in any case; all of them when none is named. Throws `knowledge_base_not_found`. */
function named(bases: readonly AccessibleBase[], names: readonly string[] | undefined): readonly AccessibleBase[] {
  if (names === undefined || names.length === 0) return bases;
  const missing = names.filter((name) => !bases.some((base) => isNamed(base, name)));
  if (missing.length === 0) return bases.filter((base) => names.some((name) => isNamed(base, name)));
  const known = bases.slice(0, MOST_NAMES).map(({ name }) => name);
  const list = known.length === 0 ? 'There is none yet.' : `There are: ${known.join(', ')}.`;
  throw new ParleyError('knowledge_base_not_found', `There is no knowledge base "${missing.join('", "')}". ${list}`);
}
