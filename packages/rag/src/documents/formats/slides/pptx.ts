import { ParleyError } from '@parley/contracts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format } from '../format.ts';
import { relationsOf, type Relation } from '../office-relations.ts';
import { coreTitle } from '../office-title.ts';
import { createMarks, type TextMarks } from '../text-marks.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { attributeOf } from '../xml/scan-xml.ts';
import { childElements, childOf, elementsNamed, readXmlTree, textOf, type XmlElement } from '../xml/xml-tree.ts';
import { ZipPackage } from '../zip/zip-package.ts';
import { paragraphText, shapeTexts } from './slide-shapes.ts';

const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const PRESENTATION = 'ppt/presentation.xml';

/** Presentations: a page per slide under its title, with tables, diagrams and what the speaker noted. */
export const pptxFormat: Format = {
  name: 'PowerPoint',
  async parse(bytes, context) {
    const parts = new ZipPackage(bytes, context.limits);
    const marks = createMarks();
    const names = slideNames(parts);
    const slides = names.map((name, place) => {
      context.progress((100 * place) / names.length);
      return slideText(parts, { name, number: place + 1, marks });
    });
    const title = coreTitle(parts) ?? slides.find(({ title: words }) => words !== '')?.title ?? null;
    return assembleDocument(
      { mediaType: MEDIA_TYPE, title, parts: slides.map(({ text }) => text), isPaged: true, marks },
      context,
    );
  },
};

function slideNames(parts: ZipPackage): string[] {
  const bytes = parts.read(PRESENTATION);
  if (!bytes) throw new ParleyError('document_unreadable', 'The file is no PowerPoint presentation.');
  const targets = new Map(relationsOf(parts, PRESENTATION).map(({ id, target }) => [id, target]));
  const slides = elementsNamed(readXmlTree(decodeXml(bytes)), 'sldId');
  return slides.flatMap(({ attributes }) => targets.get(attributes['r:id'] ?? relationId(attributes)) ?? []);
}

/** Both the slide's own number and its reference are called `id`; the reference has the prefix. */
function relationId(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
}

interface SlidePlace {
  name: string;
  number: number;
  marks: TextMarks;
}

interface SlideText {
  title: string;
  text: string;
}

function slideText(parts: ZipPackage, { name, number, marks }: SlidePlace): SlideText {
  const bytes = parts.read(name);
  if (!bytes) return { title: '', text: '' };
  const slide = readXmlTree(decodeXml(bytes));
  const relations = relationsOf(parts, name);
  const shapes = shapeTexts(slide);
  const title = shapes.find(({ kind }) => kind === 'title')?.text.replaceAll('\n', ' ') ?? '';
  const body = shapes.filter((shape) => shape.kind === 'body').map(({ text }) => text);
  const blocks = [...body, ...diagramTexts(parts, relations), ...notesText(parts, relations)];
  const isShown = childOf(slide, 'sld')?.attributes['show'] !== '0';
  const content = blocks.filter((block) => block !== '').join('\n\n');
  if (title === '' && content === '') return { title, text: '' };
  const text = `## ${title === '' ? number : title}\n\n${content}`.trim();
  return { title, text: isShown ? text : `${marks.open}${text}${marks.close}` };
}

function diagramTexts(parts: ZipPackage, relations: readonly Relation[]): string[] {
  return relations
    .filter(({ type }) => type === 'diagramData')
    .map(({ target }) => {
      const bytes = parts.read(target);
      const points = bytes ? elementsNamed(readXmlTree(decodeXml(bytes)), 'pt') : [];
      const texts = points.map((point) => elementsNamed(point, 't').map(textOf).join('').trim());
      return texts
        .filter((text) => text !== '')
        .map((text) => `- ${text}`)
        .join('\n');
    });
}

function notesText(parts: ZipPackage, relations: readonly Relation[]): string[] {
  const target = relations.find(({ type }) => type === 'notesSlide')?.target;
  const bytes = target ? parts.read(target) : null;
  if (!bytes) return [];
  const notes = elementsNamed(readXmlTree(decodeXml(bytes)), 'sp').filter(isNotesBody);
  const text = notes
    .flatMap((shape) => elementsNamed(shape, 'p').map(paragraphText))
    .filter((paragraph) => paragraph !== '')
    .join('\n');
  return text === '' ? [] : [`> ${text.replaceAll('\n', '\n> ')}`];
}

/** Beside the notes there are a picture of the slide, its number and the date. */
function isNotesBody(shape: XmlElement): boolean {
  const properties = childElements(shape).find(({ name }) => name === 'nvSpPr') ?? null;
  const placeholder = childOf(properties, 'nvPr', 'ph');
  return placeholder !== null && attributeOf(placeholder.attributes, 'type') === 'body';
}
