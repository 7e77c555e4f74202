export {
  discardDownload,
  downloadFile,
  type DownloadedFile,
  type DownloadJob,
  type DownloadSeams,
} from './download-file.ts';
export type { DownloadProgress } from './download-progress.ts';
export { modelLibrary } from './library.ts';
export { DEFAULT_HUB, parseModelSource, type HubSettings, type ModelSource } from './model-source.ts';
