import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { MAX_FILE_BYTES, ParleyError, uploadQuerySchema } from '@parley/contracts';
import { toMediaType, toShownName } from '../../documents/file-name.ts';
import { refuseTooLarge } from '../../documents/uploaded-body.ts';
import type { StoredFile } from '../../ingestion/ingestion.ts';
import type { SentFile } from './files.service.ts';

/** One byte more than a file may have: the store, which counts as well, says what is wrong. */
const LIMITS = {
  fileSize: MAX_FILE_BYTES + 1,
  files: 1,
  fields: 10,
  parts: 11,
  fieldNameSize: 100,
  fieldSize: 1_000,
  headerPairs: 50,
};
const PURPOSES: readonly string[] = ['assistants', 'user_data'];

/** Reads the form of an upload; the file goes to the store as it comes in. Throws `invalid_request` for another form. */
export async function readUpload(
  request: FastifyRequest,
  store: (bytes: Readable) => Promise<StoredFile>,
): Promise<SentFile> {
  if (!request.isMultipart()) throw wrongForm('file', 'the body must be a form (multipart/form-data) with a file');
  refuseTooLarge(request.headers);
  try {
    const { file, fields } = await readParts(request, store);
    if (file === null) throw wrongForm('file', 'is missing');
    return { ...file, purpose: toPurpose(fields) };
  } catch (error) {
    // Most clients listen only once they have said all: what is left is read and forgotten.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

async function readParts(request: FastifyRequest, store: (bytes: Readable) => Promise<StoredFile>) {
  const fields = new Map<string, unknown>();
  let file: Omit<SentFile, 'purpose'> | null = null;
  for await (const part of request.parts({ limits: LIMITS })) {
    if (part.type === 'field') {
      fields.set(part.fieldname, part.value);
      continue;
    }
    if (part.fieldname !== 'file') throw wrongForm(part.fieldname, 'the file must be the field "file"');
    const named = { name: toName(part.filename), mediaType: toMediaType(part.mimetype) };
    file = { ...named, ...(await store(part.file)) };
  }
  return { file, fields };
}

// A part that says nothing but its type is taken for a file, too.
function toName(given: string | undefined): string {
  const { data: name } = uploadQuerySchema.shape.name.safeParse(given);
  if (name === undefined) throw wrongForm('file', 'must name a file, in at most 500 letters');
  return toShownName(name);
}

function toPurpose(fields: ReadonlyMap<string, unknown>): string {
  const expiry = [...fields.keys()].find((name) => name.startsWith('expires_after'));
  if (expiry !== undefined)
    throw wrongForm('expires_after', 'files do not expire here; delete it when it is not needed');
  const purpose = fields.get('purpose');
  if (typeof purpose === 'string' && PURPOSES.includes(purpose)) return purpose;
  throw wrongForm('purpose', `must be one of ${PURPOSES.join(', ')}: files are kept here for vector stores`);
}

function wrongForm(param: string, reason: string): ParleyError {
  return new ParleyError('invalid_request', `${param}: ${reason}.`, { param });
}
