import type { Format } from '../format.ts';
import { assembleDocument } from '../assemble-document.ts';
import { decodeFile } from './decode-file.ts';

/** Text as it stands. */
export function plainTextFormat(charset: string | null): Format {
  return {
    name: 'text',
    async parse(bytes, context) {
      const text = decodeFile(bytes, { charset, maxLength: context.limits.maxTextLength });
      return assembleDocument({ mediaType: 'text/plain', title: null, parts: [text] }, context);
    },
  };
}
