import { ParleyError } from '@parley/contracts';
import type { ZipEntry } from './zip-directory.ts';

const LOCAL_MARK = 0x04034b50;
const LOCAL_SIZE = 30;

/** The bytes of an entry as they lie in the zip, still packed. Throws `document_encrypted` and `document_unreadable`. */
export function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.isEncrypted) {
    throw new ParleyError('document_encrypted', 'The file is protected by a password. Remove it and try again.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, packedSize } = entry;
  if (offset + LOCAL_SIZE > bytes.length || view.getUint32(offset, true) !== LOCAL_MARK) throw damaged();
  // The two lengths may differ from those in the directory.
  const start = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedSize > bytes.length) throw damaged();
  return bytes.subarray(start, start + packedSize);
}

export function damaged(cause?: unknown): ParleyError {
  return new ParleyError('document_unreadable', 'A part of the file is damaged and cannot be unpacked.', { cause });
}

export function unknownMethod(method: number): ParleyError {
  return new ParleyError('document_unreadable', `The file is packed by a method (${method}) that cannot be read here.`);
}
