import { baseDocumentSchema, ParleyError, type BaseDocument } from '@parley/contracts';
import { FILE_TYPE, toThrown } from './http.ts';

export interface UploadOptions {
  baseId: string;
  file: File;
  /** The document's name; one of the same name is a new version. */
  name: string;
  /** Bytes that have left the browser. */
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/** Sends one file; answers the document as soon as it is stored. By XMLHttpRequest: `fetch` tells no upload progress. */
export function uploadFile({ baseId, file, name, onProgress, signal }: UploadOptions): Promise<BaseDocument> {
  const query = new URLSearchParams({ name });
  const call = new XMLHttpRequest();
  call.open('POST', `/api/knowledge-bases/${encodeURIComponent(baseId)}/documents?${query}`);
  call.setRequestHeader('content-type', file.type || FILE_TYPE);
  const stop = () => call.abort();
  signal.addEventListener('abort', stop);
  return new Promise<BaseDocument>((resolve, reject) => {
    call.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    call.addEventListener('load', () => {
      const body = parse(call.responseText);
      const document = baseDocumentSchema.safeParse(body);
      if (call.status < 300 && document.success) resolve(document.data);
      else reject(toThrown(call.status, body));
    });
    call.addEventListener('error', () =>
      reject(new ParleyError('server_unreachable', 'The Parley server did not answer.')),
    );
    call.addEventListener('abort', () => reject(new ParleyError('request_aborted', 'The upload was cancelled.')));
    call.send(file);
  }).finally(() => signal.removeEventListener('abort', stop));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
