import { downloadModel } from '../download-model.ts';
import { parseModelSource } from '../model-source.ts';

// Started by a test as a process of its own, to be killed: downloads `source` from `endpoint` into `folder`.
const [endpoint = '', source = '', folder = ''] = process.argv.slice(2);
const hub = { endpoint, mirrors: [], token: null };
await downloadModel({
  source: parseModelSource(source, hub),
  folder,
  sha256: null,
  hub,
  allowPrivate: false,
  signal: new AbortController().signal,
  onProgress: () => undefined,
});
