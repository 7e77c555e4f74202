import { errorCodes, type BaseDocument } from '@parley/contracts';
import { isUnderWay, type NamedFile, type UploadItem } from '../../stores/uploads.ts';
import { isFailed, isWorking } from '../knowledge/document-groups.ts';

/** A file of a conversation, on any part of its way: chosen, being sent, or a document of its base. */
export interface ChatFile {
  key: string;
  name: string;
  /** `settled` is searched; `failed` never will be, `error` says why. */
  group: 'working' | 'settled' | 'failed';
  /** Of the whole way, 0 to 100; null where it cannot be told. */
  percent: number | null;
  error: unknown;
  upload: UploadItem | null;
  document: BaseDocument | null;
}

export interface ChatFileParts {
  /** Chosen, while the conversation that they belong to is being made. */
  arriving: readonly NamedFile[];
  uploads: readonly UploadItem[];
  documents: readonly BaseDocument[];
}

/** All files of a conversation, oldest first. A file that is sent again stands for the one of its name. */
export function toChatFiles({ arriving, uploads, documents }: ChatFileParts): ChatFile[] {
  const unsent = uploads.filter(({ status }) => status !== 'stored' && status !== 'cancelled');
  const sentAgain = new Set(unsent.filter(isUnderWay).map(({ name }) => name));
  const stored = documents.toReversed().filter(({ name }) => !sentAgain.has(name));
  return [...stored.map(fromDocument), ...unsent.map(fromUpload), ...arriving.map(fromArriving)];
}

/** Whether another try may help. */
export function canRetry({ group, upload, document }: ChatFile): boolean {
  if (group !== 'failed') return false;
  if (upload !== null) return true;
  const code = document?.error?.code;
  return document?.state !== 'failed' || (code !== undefined && errorCodes[code].retryable);
}

function fromDocument(document: BaseDocument): ChatFile {
  const group = isWorking(document) ? 'working' : isFailed(document) ? 'failed' : 'settled';
  const { id: key, name, percent, error } = document;
  return { key, name, group, percent, error, upload: null, document };
}

function fromUpload(upload: UploadItem): ChatFile {
  const { name, file, sent, error } = upload;
  const percent = (100 * Math.min(sent, file.size)) / Math.max(1, file.size);
  const group = isUnderWay(upload) ? 'working' : 'failed';
  return { key: `upload-${upload.key}`, name, group, percent, error, upload, document: null };
}

function fromArriving({ name }: NamedFile, index: number): ChatFile {
  const nothing = { percent: null, error: null, upload: null, document: null };
  return { key: `arriving-${index}`, name, group: 'working', ...nothing };
}
