import type { IndexReport } from '@parley/contracts';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** What `parley kb` says. */
export const kbEnglish = {
  help: {
    kb: 'knowledge bases: list, create, fill, check, delete',
    list: 'list the knowledge bases',
    create: 'make a knowledge base and print its id',
    createDescription: 'what it is about',
    createModel: 'the model that makes its vectors; words alone are searched without one',
    createStore: 'where its vectors lie: embedded or chroma',
    add: 'add files and web pages, and wait until they are ready',
    base: 'name or id of the knowledge base',
    addSources: 'files, and addresses of web pages',
    addSelect: 'CSS selectors of the parts of a page to keep; its main content by default',
    addSite: 'also the pages of the same site that a page leads to',
    addSitemap: 'the pages that the sitemap of the site names',
    addDepth: 'links to follow from the first page, with --site',
    addLimit: 'most pages of a site',
    addNoWait: 'do not wait until they are read',
    verify: 'compare what is stored with what the indexes hold',
    rebuild: 'make the indexes anew from what is stored',
    delete: 'delete a knowledge base with its documents',
    deleteYes: 'do not ask',
  },
  none: 'There are no knowledge bases. Make one with "parley kb create <name>".',
  listHead: ['name', 'your role', 'documents', 'passages', 'vectors by', 'id'],
  roles: { owner: 'owner', editor: 'editor', reader: 'reader' },
  wordsOnly: 'words only',
  unknownBase: (name: string) =>
    `There is no knowledge base "${name}". "parley kb list" shows all, "parley kb create" makes one.`,
  severalBases: (name: string, ids: readonly string[]) =>
    `Several knowledge bases are called "${name}". Name one by its id: ${ids.join(', ')}.`,
  fileMissing: (path: string) => `There is no file ${path}.`,
  isFolder: (path: string) => `${path} is a folder. Name its files, such as ${path}/*, or add a zip of it.`,
  fileTooLarge: (path: string, megabytes: number) => `${path} is too large: a file may have at most ${megabytes} MB.`,
  sameName: (one: string, other: string) =>
    `${one} and ${other} have the same name, and a knowledge base keeps one document of each name. Rename one, or add a zip of both folders.`,
  wrongNumber: (text: string) => `"${text}" is no whole number.`,
  states: {
    queued: 'waiting',
    fetching: 'being fetched',
    parsing: 'being read',
    splitting: 'being split',
    embedding: 'getting vectors',
    ready: 'ready',
    failed: 'failed',
    cancelled: 'cancelled',
    'set-aside': 'set aside',
  },
  progress: (running: number, name: string, stage: string) =>
    running === 1 ? `${name}: ${stage}` : `${running} documents to go; ${name}: ${stage}`,
  documentReady: (name: string, passages: number) => `ready   ${name}: ${count(passages, 'passage', 'passages')}`,
  documentFailed: (name: string, reason: string) => `failed  ${name}: ${reason}`,
  documentPutOff: (name: string, reason: string) => `failed  ${name}: ${reason} Parley will try again by itself.`,
  documentCancelled: (name: string) => `failed  ${name}: it was cancelled`,
  added: (documents: number, base: string) => `${count(documents, 'document', 'documents')} added to "${base}".`,
  someFailed: (failed: number, all: number) =>
    `${failed} of ${count(all, 'document', 'documents')} could not be added.`,
  report: ({ documents, chunks, missing, surplus, vectors }: IndexReport) =>
    [
      `${count(documents, 'document', 'documents')}, ${count(chunks, 'passage', 'passages')} stored`,
      `missing in the index: ${missing.length}, there without being stored: ${surplus.length}`,
      ...(vectors ? [`vectors: ${vectors.found} of ${vectors.expected}`] : []),
    ].join('\n'),
  differs: (name: string) =>
    `What is stored in "${name}" and its indexes differ. "parley kb rebuild" makes the indexes anew.`,
  confirmDelete: (name: string) => `Delete "${name}" with all its documents? This cannot be undone. [y/N] `,
  notConfirmed: 'Nothing was deleted. Add --yes to delete without being asked.',
  deleted: (name: string) => `"${name}" is deleted.`,
};

/** What `parley eval` says. */
export const evalEnglish = {
  help: {
    eval: 'measure how well passages are found and questions are answered',
    retrieval: 'nDCG@10, recall and MRR by words, by meaning and fused, on judged queries',
    retrievalTarget: 'a knowledge base (name or id), or a folder with a judged collection in the layout of BEIR',
    denseWeight: 'share of the search by meaning, 0 to 1; the base’s own or a tuned one by default',
    against: 'another share to compare with',
    embeddingModel: 'for a folder: the model that makes vectors; words alone are searched without one',
    split: 'for a folder: which of its judged queries',
    tune: 'for a base: keep the share that is best for its judged queries',
    answers: 'ask questions whose answers are known, and score the answers',
    answersFile: 'a line of JSON for each question: {"question": "…", "answers": ["…"], "base": "…"}',
    base: 'the knowledge base to ask, for questions that name none',
    judge: 'a model that grades each answer against the known ones',
    parallel: 'questions to ask at the same time',
    compare: 'a saved run to compare with, query by query',
    save: 'save this run, so that it can be compared later',
    answersSave: 'where to save the run; a new file in this folder by default',
    compareRuns: 'compare two saved runs query by query',
  },
  noCollection: (folder: string) =>
    `${folder} holds no judged collection: a folder with corpus.jsonl, queries.test.jsonl and qrels.test.tsv.`,
  onlyForBase: (option: string) => `${option} is for a knowledge base, not for a folder.`,
  onlyForFolder: (option: string) => `${option} is for a folder; a knowledge base has its own model.`,
  tuneOrWeight: '--tune looks for the best share by itself; leave --dense-weight out.',
  wrongWeight: (text: string) => `A share lies between 0 and 1; "${text}" is something else.`,
  wrongParallel: (text: string) => `--parallel takes a number from 1 to 32; "${text}" is something else.`,
  noDenseToCompare: (name: string) => `"${name}" has no vectors, so there are no shares to compare.`,
  embedding: (done: number, all: number) => `vectors of ${done} of ${all} documents`,
  asking: (done: number, all: number) => `${done} of ${all} questions answered`,
  retrievalHead: (name: string, queries: number) => `${name}: ${count(queries, 'judged query', 'judged queries')}`,
  legs: { lexical: 'BM25', dense: 'dense', fused: 'fused' },
  noDense: 'There are no vectors: fused is BM25 alone.',
  weight: (weight: number, from: string) => `Share of the dense search in fused: ${weight.toFixed(2)} (${from}).`,
  weightFrom: {
    given: 'as given',
    base: 'the base’s setting',
    train: 'tuned on the queries for training',
    'the other half': 'each half of the queries with the share that was tuned on the other half',
  },
  compareHead: ['', 'compared', 'figure', 'first', 'second', 'difference', '95 % interval', 'p', 'queries'],
  compareNote:
    'Interval: paired bootstrap. p: randomisation test, two-sided; below 0.05 the difference is hardly by chance.',
  nothingInCommon: 'The two runs have no query in common, so they cannot be compared.',
  noRunFile: (file: string) => `${file} is no saved run of "parley eval".`,
  cannotWrite: (file: string) => `${file} cannot be written.`,
  saved: (file: string) => `Every answer with its scores is saved in ${file}.`,
  wrongQuestion: (file: string, line: number) =>
    `${file}, line ${line}: this is no question of its own with its answers, such as {"question": "…", "answers": ["…"]}.`,
  noQuestions: (file: string) => `${file} holds no question.`,
  answersHead: (questions: number, unanswered: number) =>
    `${count(questions, 'question', 'questions')}${unanswered === 0 ? '' : `, ${unanswered} of them without a complete answer, which count as nothing said`}`,
  mean: 'mean',
  verdicts: (judge: string, { graded = 0, refused = 0, unreadable = 0, failed = 0 }) =>
    `${judge} graded ${graded}, refused ${refused}, gave no readable grade to ${unreadable}, and failed on ${failed}.`,
  stopped: (done: number, all: number) => `The evaluation was stopped after ${done} of ${all} questions.`,
};
