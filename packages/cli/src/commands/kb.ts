import type { AddPagesRequest, BaseDocument, IndexReport, ParleyError } from '@parley/contracts';
import { requireRunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { addDocuments } from '../kb/add-documents.ts';
import { findBase } from '../kb/find-base.ts';
import { toSources } from '../kb/local-files.ts';
import { ProgressLine } from '../kb/progress-line.ts';
import { isPutOff } from '../kb/watched-documents.ts';
import { confirm } from '../terminal/confirm.ts';
import { toTable } from '../terminal/table.ts';

export interface JsonOption {
  json?: boolean;
}

/** `parley kb list`. */
export async function listBases(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const list = await requireRunningSystem(context).bases.list();
  if (json) console.log(JSON.stringify(list));
  else if (list.bases.length === 0) console.log(say.kb.none);
  else {
    const rows = list.bases.map((base) => [
      base.name,
      say.kb.roles[base.role],
      String(base.documents.ready + base.documents.running + base.documents.failed),
      String(base.chunks),
      base.spaces.find(({ state }) => state === 'active')?.model ?? say.kb.wordsOnly,
      base.id,
    ]);
    console.log(toTable([say.kb.listHead, ...rows]));
    for (const { name, alarms } of list.bases) for (const { message } of alarms) console.error(`${name}: ${message}`);
  }
}

export interface CreateOptions extends JsonOption {
  description?: string;
  embeddingModel?: string;
  vectorStore?: 'embedded' | 'chroma';
}

/** `parley kb create <name>`: prints the id of the new base, alone on its line. */
export async function createBase(context: CommandContext, name: string, options: CreateOptions): Promise<void> {
  const { description, embeddingModel, vectorStore } = options;
  const base = await requireRunningSystem(context).bases.create({
    name,
    ...(description === undefined ? {} : { description }),
    ...(embeddingModel === undefined ? {} : { embedding_model: embeddingModel }),
    ...(vectorStore === undefined ? {} : { settings: { vector_store: vectorStore } }),
  });
  console.log(options.json ? JSON.stringify(base) : base.id);
}

export interface AddOptions extends JsonOption {
  /** CSS selectors, separated by commas. */
  select?: string;
  site?: boolean;
  sitemap?: boolean;
  depth?: string;
  limit?: string;
  /** False with `--no-wait`. */
  wait: boolean;
}

/** `parley kb add <base> <files or addresses…>`: throws when one of them could not be read. */
export async function addToBase(
  context: CommandContext,
  baseName: string,
  { sources: names, options }: { sources: readonly string[]; options: AddOptions },
): Promise<void> {
  const { say } = context;
  const sources = toSources(names, say);
  const { bases } = requireRunningSystem(context);
  const base = await findBase(bases, baseName, say);
  const progress = new ProgressLine(process.stderr, say);
  const refused: { source: string; code: string; message: string }[] = [];
  const documents = await addDocuments(bases, sources, {
    baseId: base.id,
    pages: toPagesRequest(options, say.kb.wrongNumber),
    waits: options.wait,
    onChange: (document) => progress.show(document),
    onRefused: (source: string, { code, message }: ParleyError) => {
      refused.push({ source, code, message });
      progress.tell(say.kb.documentFailed(source, say.failure(code, message)));
    },
  }).finally(() => progress.end());
  if (options.json) console.log(JSON.stringify({ base: { id: base.id, name: base.name }, documents, refused }));
  const failed = refused.length + documents.filter(hasFailed).length;
  if (failed > 0) throw new CommandError(say.kb.someFailed(failed, refused.length + documents.length));
  if (!options.json) console.log(say.kb.added(documents.length, base.name));
}

function hasFailed(document: BaseDocument): boolean {
  const { state } = document;
  return isPutOff(document) || state === 'failed' || state === 'set-aside' || state === 'cancelled';
}

function toPagesRequest(
  { select, site, sitemap, depth, limit }: AddOptions,
  wrong: (text: string) => string,
): Omit<Partial<AddPagesRequest>, 'url'> {
  const toNumber = (text: string) => {
    if (!/^\d{1,4}$/.test(text)) throw new CommandError(wrong(text));
    return Number(text);
  };
  return {
    extent: sitemap ? 'sitemap' : site ? 'site' : 'page',
    ...(select === undefined ? {} : { select: [select] }),
    ...(depth === undefined ? {} : { depth: toNumber(depth) }),
    ...(limit === undefined ? {} : { limit: toNumber(limit) }),
  };
}

/** `parley kb verify <base>`: throws unless rows and indexes agree. */
export async function verifyBase(context: CommandContext, baseName: string, options: JsonOption): Promise<void> {
  const { bases } = requireRunningSystem(context);
  const base = await findBase(bases, baseName, context.say);
  printReport(context, { report: await bases.verify(base.id), name: base.name }, options);
}

/** `parley kb rebuild <base>`: the indexes made anew from the rows; throws unless they agree then. */
export async function rebuildBase(context: CommandContext, baseName: string, options: JsonOption): Promise<void> {
  const { bases } = requireRunningSystem(context);
  const base = await findBase(bases, baseName, context.say);
  printReport(context, { report: await bases.rebuild(base.id), name: base.name }, options);
}

function printReport(
  { say }: CommandContext,
  { report, name }: { report: IndexReport; name: string },
  { json }: JsonOption,
): void {
  if (json) console.log(JSON.stringify(report));
  else console.log(say.kb.report(report));
  if (!report.agrees) throw new CommandError(say.kb.differs(name));
}

/** `parley kb delete <base>`: asks first, unless told not to. */
export async function deleteBase(context: CommandContext, baseName: string, options: { yes?: boolean }): Promise<void> {
  const { say } = context;
  const { bases } = requireRunningSystem(context);
  const base = await findBase(bases, baseName, say);
  const terminal = { input: process.stdin, output: process.stderr };
  const isMeant = options.yes || (await confirm(say.kb.confirmDelete(base.name), terminal));
  if (!isMeant) throw new CommandError(say.kb.notConfirmed);
  await bases.remove(base.id);
  console.log(say.kb.deleted(base.name));
}
