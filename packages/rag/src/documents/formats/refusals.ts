import { ParleyError } from '@parley/contracts';
import type { Format } from './format.ts';

/** An empty file that should be of the format `name`. */
export function emptyFile(name: string): Format {
  return {
    name,
    async parse(_, context) {
      throw new ParleyError('document_empty', `${context.name} is empty.`);
    },
  };
}

/** `EncryptedPackage` in UTF-16: the stream in which Office keeps a document with a password. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');
/** Stream names are near the beginning or, in large files, at the end. */
const DIRECTORY_BYTES = 1024 * 1024;

/** What was Office's own container until 2007, and is now where it keeps protected documents. */
export const oleFile: Format = {
  name: 'Office before 2007',
  async parse(bytes, { name }) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isEncrypted =
      buffer.subarray(0, DIRECTORY_BYTES).includes(ENCRYPTED) || buffer.subarray(-DIRECTORY_BYTES).includes(ENCRYPTED);
    if (isEncrypted) {
      throw new ParleyError('document_encrypted', `${name} is protected by a password. Remove it and try again.`);
    }
    const advice = 'Save it as DOCX, XLSX, PPTX or PDF and try again.';
    throw new ParleyError('document_type_unknown', `${name} is in a format of Office before 2007. ${advice}`);
  },
};

export const rtfFile: Format = {
  name: 'RTF',
  async parse(_, { name }) {
    throw new ParleyError('document_type_unknown', `${name} is RTF. Save it as DOCX or PDF and try again.`);
  },
};
