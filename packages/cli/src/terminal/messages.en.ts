import type { ErrorCode } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';
import type { LaunchFault } from '../launcher/launcher.ts';
import { evalEnglish, kbEnglish } from './knowledge-messages.en.ts';
import { modelsEnglish } from './model-messages.en.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

export const english = {
  /** The server's own words are English and say most. */
  failure: (_code: ErrorCode, message: string) => message,
  settings: {
    wrong: 'These settings are wrong:',
    fileMissing: (file: string) => `PARLEY_CONFIG names ${file}, which does not exist.`,
    notYaml: (file: string, reason: string) => `${file} is not valid YAML: ${reason}`,
    notByName: (file: string) => `${file} must hold settings by name, such as "server:".`,
  },
  help: {
    parley: 'A self-hosted ChatGPT that owns its serving plane',
    up: 'start the whole system and keep it running',
    status: 'show the running processes and their memory',
    version: 'print the version',
    help: 'print how a command is called',
    calledWrongly: 'Add --help to see how it is called.',
    titles: { 'Usage:': 'Usage:', 'Arguments:': 'Arguments:', 'Options:': 'Options:', 'Commands:': 'Commands:' },
    json: 'print one JSON object instead',
    ask: 'ask a question and print the streamed answer with its sources',
    askModel: 'model to ask; the first ready one by default',
    askConversation: 'go on with a conversation',
    askBase: 'knowledge base to answer from; may be given several times',
    rag: 'ask web pages and files: print the streamed answer with its sources',
    ragSources:
      'addresses of web pages, and files: PDF, Word, Excel, PowerPoint, HTML, Markdown, text and more, or a zip of them',
    ragAsk: 'the question',
    ragSelect: 'CSS selectors of the parts of a page to keep; its main content by default',
    ragSplit: 'split into pieces of so many characters, so many repeated, such as 1000/200; by headings by default',
    ragEmbeddingModel: 'embedding model that finds passages by their meaning too; only words are searched by default',
    ragStore: 'where passages are kept: memory (the default), embedded or chroma',
    ragChromaUrl: 'address of the Chroma server; server.chroma_url of the settings by default',
    ragCollection: 'name under which an embedded or Chroma store keeps them for the next time; "rag" by default',
    ragHistory: 'JSON file that keeps the conversation, so that the next question may follow up',
    ragAllowPrivate: 'open pages on this machine and in private networks too',
    mcp: 'serve the knowledge bases to an MCP client on standard input and output',
    password: 'set the owner’s password, also when it is forgotten',
    doctor: 'check what a start needs',
    gpu: 'let local models run on a GPU: bring the binary for it, which a default install does without',
    gpuKind: 'cuda (NVIDIA), vulkan (others), or none to take them away again',
    config: 'print the settings in force, secrets hidden',
    token: 'bearer tokens for scripts on the app API',
    tokenCreate: 'make a token and print it',
    tokenName: 'what it is for',
    tokenList: 'list the tokens',
    tokenRevoke: 'make a token worthless',
  },
  starting: (version: string) => `Parley ${version} is starting …`,
  needsKey: (variable: string) => `needs a key: put ${variable}=… into .env`,
  keysOffered: (variables: readonly string[], others: number) =>
    `More models need only a key: paste it on the page, or put it into .env, such as ${variables.map((name) => `${name}=…`).join(', ')}${others > 0 ? ` (${others} more vendors are known)` : ''}`,
  took: seconds,
  ready: (ms: number, url: string) => `Ready in ${seconds(ms)}. Open ${url}`,
  stopHint: 'Stop with Ctrl+C.',
  stopping: 'Stopping; running answers may finish. Ctrl+C again ends at once.',
  stopped: 'Parley has stopped. Your conversations are stored.',
  processDied: (name: string, exit: string, ms: number) =>
    `${name} ended (${exit}); starting it again in ${seconds(ms)}`,
  processBack: (name: string, ms: number) => `${name} is back after ${seconds(ms)}`,
  processFailed: (name: string, reason: string, ms: number) =>
    `${name} did not start: ${reason}. Next try in ${seconds(ms)}`,
  processGivenUp: (name: string, reason: string) => `${name} stays down: ${reason}`,
  stillLoading: (percent: number | null) =>
    `is still loading${percent === null ? '' : ` (${percent}%)`}; it joins by itself`,
  launchFault: (fault: LaunchFault): string => {
    if (fault.type === 'home-locked') {
      return `Parley already runs on ${fault.home}. See "npm run -s parley -- status", or set PARLEY_HOME to another folder.`;
    }
    if (fault.type === 'home-unusable') {
      return `Nothing can be stored in ${fault.home}: ${fault.reason}. Make room or allow writing there, or set PARLEY_HOME to another folder.`;
    }
    if (fault.type === 'port-taken') {
      const variable = `PARLEY_${fault.setting.replace('.', '_').toUpperCase()}`;
      return `Port ${fault.port} is taken by another program, and ${fault.process} needs it. Choose another one with ${fault.setting} in parley.config.yaml, or start with ${variable}=…`;
    }
    return `${fault.process} did not start: ${fault.reason}`;
  },
  notRunning: 'Parley is not running here. Start it with "npm start".',
  startingForCommand: 'Parley is not running; starting it for this command …',
  statusHead: ['process', 'purpose', 'state', 'pid', 'memory', 'restarts', 'address'],
  purposes: { chat: 'chat', embedding: 'embedding', rerank: 'reranking' },
  stateInWords: (state: ProcessView['state'], percent: number | null) =>
    state === 'loading' && percent !== null ? `loading ${percent}%` : state,
  problem: (name: string, reason: string) => `${name}: ${reason}`,
  memoryTotal: (megabytes: number, count: number) => `memory of all ${count} processes: ${megabytes} MB (RSS summed)`,
  sources: 'Sources',
  page: (number: number) => `page ${number}`,
  answerFailed: (reason: string) => `The answer failed: ${reason}`,
  answerUnfinished: (status: string) => `The answer did not finish (${status}).`,
  rag: {
    read: (documents: number, passages: number) =>
      `Read ${documents} ${documents === 1 ? 'document' : 'documents'} of ${passages} ${passages === 1 ? 'passage' : 'passages'}.`,
    embedded: (made: number, kept: number) =>
      `Embedded ${made} ${made === 1 ? 'passage' : 'passages'}; ${kept} ${kept === 1 ? 'was' : 'were'} there already.`,
    skipped: (name: string, reason: string) => `Left out ${name}: ${reason}`,
    allowPrivate: 'If you trust this address, add --allow-private.',
    wrongSplit: (split: string) =>
      `--split takes the size of a piece and a smaller overlap, such as 1000/200; "${split}" is something else.`,
    wrongStore: (store: string) => `--store is memory, embedded or chroma; "${store}" is something else.`,
    wrongCollection: (name: string) =>
      `"${name}" cannot name a collection: take at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.`,
    memoryKeepsNothing: 'A store in memory keeps no collection. Add --store embedded or --store chroma.',
    urlWithoutChroma: '--chroma-url goes with --store chroma.',
    chromaUrlMissing: 'Name the Chroma server with --chroma-url, or with server.chroma_url in parley.config.yaml.',
    chromaUrlWrong: (url: string) => `"${url}" is no address of a Chroma server, such as http://127.0.0.1:8001.`,
    chromaNeedsModel: 'A Chroma server keeps vectors: name the model that makes them with --embedding-model.',
    historyDamaged: (file: string) => `${file} holds no conversation. Name another file, or delete it.`,
  },
  gpu: {
    wrongKind: (kind: string) => `"${kind}" is no kind of GPU binary: choose cuda, vulkan or none.`,
    noneFor: (kind: string, machine: string) =>
      `There is no ${kind} binary for ${machine}. On a Mac the GPU is used as it is; elsewhere models run on the processor.`,
    notInstalled: 'llama.cpp is not installed here; "npm start" installs it.',
    alreadyThere: (kind: string) => `The ${kind} binary is there already.`,
    fetching: (packages: readonly string[], megabytes: number) =>
      `Fetching ${packages.join(' and ')}: about ${megabytes} MB on the disk …`,
    progress: (megabytes: number) => `${megabytes} MB so far`,
    noRoom: (megabytes: number) => `There is not enough room on the disk; ${megabytes} MB more are needed.`,
    failed: (reason: string) => `The binary could not be fetched, and nothing has changed: ${reason}`,
    done: (kind: string) =>
      `The ${kind} binary is in place. Local models use it from their next start on: replace them on the page, or start Parley again.`,
    removed: 'The GPU binaries are gone; local models run on the processor from their next start on.',
    nothingToRemove: 'There are no GPU binaries here.',
  },
  kb: kbEnglish,
  models: modelsEnglish,
  eval: evalEnglish,
  noTokens: 'There are no tokens.',
  tokenRevoked: 'The token is revoked.',
  tokenHead: ['id', 'name', 'made', 'last used'],
  never: 'never',
  password: {
    ask: 'New password: ',
    askAgain: 'The same again: ',
    missing: 'No password was given; nothing has changed.',
    different: 'The two passwords are not the same; nothing has changed.',
    tooShort: (count: number) => `The password needs at least ${count} characters; nothing has changed.`,
    done: 'The owner’s password is set. All browsers are signed out; sign in with the new password.',
  },
  checkOk: 'ok',
  checkFailed: 'problem',
  checkNote: 'note',
  doctor: {
    node: (version: string) => `Node ${version}`,
    nodeOld: (version: string) => `Node ${version} is too old; Parley needs 24 or newer`,
    settings: (file: string | null) =>
      file ? `settings read from ${file}` : 'no parley.config.yaml; the defaults are in force',
    home: (path: string) => `${path} can be written`,
    homeBad: (path: string, reason: string) => `${path} cannot be written: ${reason}`,
    disk: (gigabytes: number) => `${gigabytes} GB free on its disk`,
    page: 'the page is built',
    pageMissing: 'the page is not built yet; "npm start" builds it',
    running: (url: string) => `Parley runs at ${url}`,
    notRunning: 'Parley is not running; its ports are free',
    portTaken: (port: number, setting: string) => `port ${port} (${setting}) is taken by another program`,
    health: (name: string, url: string) => `${name} answers at ${url}`,
    healthBad: (name: string, url: string) => `${name} does not answer at ${url}`,
    gpuReady: (kind: string) => `a GPU is here, and local models can use it (${kind})`,
    gpuUnused: (kind: string) =>
      `a GPU is here, but local models cannot use it yet: "npm run -s parley -- gpu ${kind}" brings what they need`,
    needsKey: (model: string, variable: string) => `${model} needs a key: ${variable} is not set`,
    modelFileMissing: (model: string, file: string) => `the file of ${model} is not there: ${file}`,
    hasKey: (model: string) => `${model} is set up`,
  },
};

export type Messages = typeof english;
