const STORE = 'vs_';
const FILE = 'file-';
const BATCH = 'vsfb_';

/** A knowledge base, as programs call it. */
export const toStoreId = (baseId: string): string => STORE + baseId;
/** An upload, or a document that was made without one. */
export const toFileId = (id: string): string => FILE + id;
export const toBatchId = (id: string): string => BATCH + id;

// An id as the page shows it is understood too.
export const fromStoreId = (id: string): string => withoutPrefix(id, STORE);
export const fromFileId = (id: string): string => withoutPrefix(id, FILE);
export const fromBatchId = (id: string): string => withoutPrefix(id, BATCH);

function withoutPrefix(id: string, prefix: string): string {
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}
