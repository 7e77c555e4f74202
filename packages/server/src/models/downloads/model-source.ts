import { ParleyError } from '@parley/contracts';

/** Where models come from. Addresses are without a slash at their end. */
export interface HubSettings {
  /** `https://huggingface.co`, or whatever speaks its language. */
  endpoint: string;
  /** Further endpoints, tried in turn when one does not answer. They never get the token. */
  mirrors: readonly string[];
  /** For models that ask who is there. Sent to the endpoint and to nobody else. */
  token: string | null;
}

export interface ModelSource {
  /** The same for all ways to write it. */
  source: string;
  /** Its name in the models folder. */
  file: string;
  /** Tried in turn. */
  urls: readonly [string, ...string[]];
  isFromHub: boolean;
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
const FILE_NAME = /^[\p{L}\p{N}_][\p{L}\p{N} ._+()-]{0,180}\.gguf$/iu;
const PART_OF_MANY = /-\d{5}-of-(\d{5})\.gguf$/i;

/** Reads `hf:owner/repo/path/file.gguf[@revision]` or an address. Throws `invalid_request` with what would be right. */
export function parseModelSource(text: string, hub: HubSettings): ModelSource {
  const trimmed = text.trim();
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

function fromHub({ owner, repo, path, revision }: HubFile, { endpoint, mirrors }: HubSettings): ModelSource {
  if (!REPO_NAME.test(owner) || !REPO_NAME.test(repo)) {
    throw wrongSource(`"${owner}/${repo}" is not the name of a repository.`);
  }
  const folders = path.split('/');
  if (folders.some((name) => name === '' || name === '.' || name === '..')) {
    throw wrongSource(`"${path}" is not the name of a file in a repository.`);
  }
  const file = checkedName(folders.at(-1) ?? '');
  const encoded = folders.map(encodeURIComponent).join('/');
  const toUrl = (base: string) => `${base}/${owner}/${repo}/resolve/${encodeURIComponent(revision)}/${encoded}`;
  const source = `hf:${owner}/${repo}/${path}${revision === 'main' ? '' : `@${revision}`}`;
  return { source, file, urls: [toUrl(endpoint), ...mirrors.map(toUrl)], isFromHub: true };
}

function fromAddress(text: string): ModelSource {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw wrongSource('A model is named as hf:owner/repo/file.gguf, or by a web address that ends in .gguf.');
  }
  url.hash = '';
  const file = checkedName(decode(url.pathname.split('/').at(-1) ?? ''));
  return { source: url.href, file, urls: [url.href], isFromHub: false };
}

function checkedName(file: string): string {
  if (!/\.gguf$/i.test(file)) throw wrongSource('Parley runs models in the GGUF format; the file must end in .gguf.');
  if (!FILE_NAME.test(file)) throw wrongSource(`A file cannot be stored under the name "${file}".`);
  const parts = Number(PART_OF_MANY.exec(file)?.[1] ?? 1);
  if (parts > 1) {
    throw wrongSource(
      `This model is split into ${parts} files, and Parley runs models of one file. Choose a smaller quantisation of it.`,
    );
  }
  return file;
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
