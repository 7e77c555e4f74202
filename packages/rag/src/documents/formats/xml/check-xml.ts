import { ParleyError } from '@parley/contracts';
import { refuseEntities } from './scan-xml.ts';

const MAX_DEPTH = 400;
const TAG = /<(\/?)[A-Za-z_][^<>]*?(\/?)>/g;

/** Checks XML that another reader will read: without entities of its own, and not too deep. Throws `document_bomb`. */
export function checkXml(xml: string): void {
  const doctype = xml.slice(0, 100_000).search(/<!DOCTYPE/i);
  if (doctype !== -1) refuseEntities(xml.slice(doctype, doctype + 100_000));
  let depth = 0;
  for (const [, closing, empty] of xml.matchAll(TAG)) {
    if (closing) depth -= 1;
    else if (!empty) depth += 1;
    if (depth > MAX_DEPTH) throw new ParleyError('document_bomb', 'The file nests without measure.');
  }
}
