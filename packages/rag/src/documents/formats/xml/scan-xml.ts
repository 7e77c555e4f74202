import { ParleyError } from '@parley/contracts';
import { SaxesParser } from 'saxes';

/** What stands in an XML text, in order. Names are without their prefix: `a:t` is `t`. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Documents of these formats nest 20 to 60 deep. */
const MAX_DEPTH = 400;
const MAX_ATTRIBUTES = 500;
const SLICE = 64 * 1024;

/**
 * Reads XML without building a tree. No entities but those of XML itself are known: a text that
 * declares some, nests or repeats without measure is a `document_bomb`, one that is not well-formed
 * `document_unreadable`. `isDone` ends the reading early.
 */
export function scanXml(xml: string, handlers: XmlHandlers, isDone: () => boolean = () => false): void {
  const parser = new SaxesParser({ position: false, xmlns: false });
  let depth = 0;
  let attributes = 0;
  parser.on('error', (error) => {
    throw new ParleyError('document_unreadable', 'A part of the file is damaged XML.', { cause: error });
  });
  parser.on('doctype', refuseEntities);
  parser.on('opentagstart', () => void (attributes = 0));
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES) throw bomb();
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw bomb();
    handlers.open?.(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close?.(localName(tag.name));
  });
  if (handlers.text) {
    const take = handlers.text.bind(handlers);
    parser.on('text', take);
    parser.on('cdata', take);
  }
  for (let at = 0; at < xml.length; at += SLICE) {
    if (isDone()) return;
    parser.write(xml.slice(at, at + SLICE));
  }
  parser.close();
}

/** Refuses a document type that declares entities: nobody who writes documents does, only whoever builds bombs. */
export function refuseEntities(doctype: string): void {
  if (/<!ENTITY/i.test(doctype)) throw bomb();
}

function bomb(): ParleyError {
  return new ParleyError('document_bomb', 'The file holds XML that is built to grow without measure.');
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The value of an attribute, whatever its prefix. */
export function attributeOf(attributes: Readonly<Record<string, string>>, name: string): string | null {
  const found = attributes[name];
  if (found !== undefined) return found;
  for (const [key, value] of Object.entries(attributes)) {
    if (localName(key) === name) return value;
  }
  return null;
}
