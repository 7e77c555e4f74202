import { decodeXml } from './xml/decode-xml.ts';
import { elementsNamed, readXmlTree } from './xml/xml-tree.ts';
import type { ZipPackage } from './zip/zip-package.ts';

/** Another part that a part of an Office document refers to. */
export interface Relation {
  id: string;
  /** The last step of its type: `slide`, `notesSlide`, `worksheet`. */
  type: string;
  /** Name of the part in the package. */
  target: string;
}

/** What the part `name` refers to within the package, in order. */
export function relationsOf(parts: ZipPackage, name: string): Relation[] {
  const slash = name.lastIndexOf('/');
  const folder = name.slice(0, slash + 1);
  const bytes = parts.read(`${folder}_rels/${name.slice(slash + 1)}.rels`);
  if (!bytes) return [];
  return elementsNamed(readXmlTree(decodeXml(bytes)), 'Relationship').flatMap(({ attributes }) => {
    const { Id = '', Type = '', Target = '', TargetMode } = attributes;
    if (TargetMode === 'External') return [];
    return [{ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: resolvePart(folder, Target) }];
  });
}

/** A reference inside a package: relative to a folder, or from its root. */
export function resolvePart(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
