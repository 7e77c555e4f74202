import type { Format } from '../format.ts';
import { assembleDocument } from '../assemble-document.ts';
import { decodeFile } from './decode-file.ts';

/** Source code as one fenced block under the name of its file. */
export function sourceCodeFormat(language: string, charset: string | null): Format {
  return {
    name: 'source code',
    async parse(bytes, context) {
      const code = decodeFile(bytes, { charset, maxLength: context.limits.maxTextLength }).trimEnd();
      const parts = code.trim() === '' ? [] : [fenced(code, language)];
      return assembleDocument({ mediaType: 'text/plain', title: context.name, language: 'en', parts }, context);
    },
  };
}

/** A fenced block whose fence is longer than any inside. */
export function fenced(code: string, language: string): string {
  const longest = code.matchAll(/`+/g).reduce((most, [ticks]) => Math.max(most, ticks.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}
