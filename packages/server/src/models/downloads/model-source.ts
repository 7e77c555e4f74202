import { ParleyError } from '@parley/contracts';
import { filesOfModel, isPossibleSplit, MOST_MODEL_FILES, readSplitName } from '@parley/service-kit/split-files';

/** Where models come from. Addresses are without a slash at their end. */
export interface HubSettings {
  /** `https://huggingface.co`, or whatever speaks its language. */
  endpoint: string;
  /** Further endpoints, tried in turn when one does not answer. They never get the token. */
  mirrors: readonly string[];
  /** For models that ask who is there. Sent to the endpoint and to nobody else. */
  token: string | null;
}

/** Where a file comes from. */
export interface FileSource {
  /** The same for all ways to write it. */
  source: string;
  /** Its name in the models folder. */
  file: string;
  /** Tried in turn. */
  urls: readonly [string, ...string[]];
  isFromHub: boolean;
}

/** Where a model comes from: what is said of its first file, and the files that it is split into; usually that one alone. */
export interface ModelSource extends FileSource {
  files: readonly [FileSource, ...FileSource[]];
}

interface HubFile {
  owner: string;
  repo: string;
  path: string;
  revision: string;
}

const HUB_SOURCE = /^hf:([^/@]+)\/([^/@]+)\/([^@]+)(?:@(.+))?$/;
/** Addresses of the hub's own pages, as people copy them from the browser. */
const HUB_PAGE = /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/([^/]+)\/([^/]+)\/(?:blob|resolve)\/([^/]+)\/(.+)$/;
const REPO_NAME = /^\w[\w.-]{0,95}$/;
/** In UTF-8: file systems take 255, and the notes of a half file have a longer name. */
const LONGEST_NAME_BYTES = 240;
const FILE_NAME = /^[\p{L}\p{N}_][\p{L}\p{N} ._+()-]{0,180}\.gguf$/iu;

/**
 * Reads `hf:owner/repo/path/file.gguf[@revision]` or an address; any file of a split model stands for
 * all of them. Throws `invalid_request` with what would be right.
 */
export function parseModelSource(text: string, hub: HubSettings): ModelSource {
  const trimmed = wholeCharacters(text.trim());
  const [, owner, repo, path, revision = 'main'] = HUB_SOURCE.exec(trimmed) ?? [];
  if (owner && repo && path) return fromHub({ owner, repo, path, revision }, hub);
  if (/^hf:/i.test(trimmed)) throw wrongSource('A model of the hub is written as hf:owner/repo/file.gguf.');
  const page = HUB_PAGE.exec(trimmed.replace(/[?#].*$/, ''));
  if (page) {
    const [, pageOwner = '', pageRepo = '', pageRevision = '', pagePath = ''] = page.map(decode);
    return fromHub({ owner: pageOwner, repo: pageRepo, path: pagePath, revision: pageRevision }, hub);
  }
  return fromAddress(trimmed);
}

function wholeCharacters(text: string): string {
  if (text.isWellFormed()) return text;
  throw wrongSource('This is no address: it holds half a character.');
}

function fromHub({ owner, repo, path, revision }: HubFile, { endpoint, mirrors }: HubSettings): ModelSource {
  if (!REPO_NAME.test(owner) || !REPO_NAME.test(repo)) {
    throw wrongSource(`"${owner}/${repo}" is not the name of a repository.`);
  }
  const folders = path.split('/');
  if (folders.some((name) => name === '' || name === '.' || name === '..')) {
    throw wrongSource(`"${path}" is not the name of a file in a repository.`);
  }
  const file = checkedName(folders.at(-1) ?? '');
  const within = path.slice(0, -file.length);
  const toUrl = (base: string, name: string) =>
    `${base}/${owner}/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(within + name)}`;
  return toModel(file, (name) => ({
    source: `hf:${owner}/${repo}/${within}${name}${revision === 'main' ? '' : `@${revision}`}`,
    file: name,
    urls: [toUrl(endpoint, name), ...mirrors.map((base) => toUrl(base, name))],
    isFromHub: true,
  }));
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function toModel(file: string, toFile: (name: string) => FileSource): ModelSource {
  const [first, ...others] = filesOfModel(file);
  const files = [toFile(first), ...others.map(toFile)] as const;
  return { ...files[0], files };
}

function fromAddress(text: string): ModelSource {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw wrongSource('A model is named as hf:owner/repo/file.gguf, or by a web address that ends in .gguf.');
  }
  url.hash = '';
  const file = checkedName(decode(url.pathname.split('/').at(-1) ?? ''));
  return toModel(file, (name) => {
    const address = new URL(url);
    if (readSplitName(file)) address.pathname = url.pathname.replace(/[^/]*$/, encodeURIComponent(name));
    return { source: address.href, file: name, urls: [address.href], isFromHub: false };
  });
}

function checkedName(file: string): string {
  if (!/\.gguf$/i.test(file)) throw wrongSource('Parley runs models in the GGUF format; the file must end in .gguf.');
  if (!FILE_NAME.test(file) || Buffer.byteLength(file) > LONGEST_NAME_BYTES)
    throw wrongSource(`A file cannot be stored under the name "${file}".`);
  const split = readSplitName(file);
  if (split === null || isPossibleSplit(split)) return file;
  if (split.count > MOST_MODEL_FILES && split.part <= split.count) {
    throw wrongSource(
      `This model is split into ${split.count} files, and Parley takes ${MOST_MODEL_FILES} at most. Choose a smaller quantisation of it.`,
    );
  }
  throw wrongSource(`"${file}" names part ${split.part} of ${split.count}, and there is no such part.`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongSource('This is not a web address.');
  }
}

function wrongSource(sentence: string): ParleyError {
  return new ParleyError('invalid_request', sentence, { param: 'source' });
}
