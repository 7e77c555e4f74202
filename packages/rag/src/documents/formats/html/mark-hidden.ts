import { isElement, isText, type PageElement, type PageNode } from '../../html/page-node.ts';
import type { TextMarks } from '../text-marks.ts';

/** linkedom's part of the DOM that writing marks needs. */
interface WritableNode extends PageNode {
  textContent: string | null;
}

/** More rules than this are a framework's; what hides text is near the top or in the page's own. */
const MAX_RULES = 3_000;
const MAX_STYLE_LENGTH = 300_000;
const STYLE_ELEMENT = /<style\b[^>]{0,500}>([\s\S]*?)<\/style/gi;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/g;
const RULE = /([^{}@;]{1,300})\{([^{}]{0,2000})\}/g;

const GONE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*(?:0(?:\.(?:0\d*)?)?|\.0\d*)\s*(?:!|;|$))/i;
const TINY = /(?:^|;)\s*font(?:-size)?\s*:\s*(?:[^;]{0,60}\s)?(?:0?\.\d+|[0-2](?:\.\d+)?)px/i;
const OUTSIDE = /(?:^|;)\s*(?:left|top|right|text-indent|margin-left)\s*:\s*-\d{3,}/i;
const CLIPPED = /(?:^|;)\s*clip(?:-path)?\s*:\s*(?:rect\(\s*[01](?:px)?[\s,]+[01]|inset\(\s*(?:50|100)%|circle\(\s*0)/i;
const WHITE =
  /(?:^|;)\s*color\s*:\s*(?:white|transparent|#f{3,4}|#f{6}(?:[0-9a-f]{2})?|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5]|rgba\([^)]*,\s*0?\.?0*\s*\))\s*(?:!|;|$|,|\))/i;
const BACKGROUND = /(?:^|;)\s*background(?:-color|-image)?\s*:/i;

/**
 * Puts marks around text that is in the page but that a style keeps from the eye: white on nothing,
 * tiny, outside of the page, made away with by a style sheet in the page. What hides by attribute or
 * inline is gone already. What is white on a ground of its own is a button.
 */
export function markHidden(html: string, body: PageElement, marks: TextMarks): void {
  const hidden = new Set<PageNode>();
  for (const element of findHidden(html, body)) addTexts(element, hidden);
  for (const text of hidden) {
    (text as WritableNode).textContent = `${marks.open}${text.textContent ?? ''}${marks.close}`;
  }
}

/** The texts below an element, each by itself: in a table or list, text stands in cells and items only. */
function addTexts(element: PageElement, texts: Set<PageNode>): void {
  const open: PageElement[] = [element];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const child of next.childNodes) {
      if (isElement(child)) open.push(child);
      else if (isText(child) && child.textContent?.trim()) texts.add(child);
    }
  }
}

function* findHidden(html: string, body: PageElement): Generator<PageElement> {
  for (const element of body.querySelectorAll('[style], font[color]')) {
    if (isHiddenBy(element.getAttribute('style') ?? '', element) || isWhiteFont(element)) yield element;
  }
  for (const { selector, style } of hidingRules(html)) {
    for (const element of elementsOf(body, selector)) {
      if (GONE.test(style) || isHiddenBy(style, element)) yield element;
    }
  }
}

function isHiddenBy(style: string, element: PageElement): boolean {
  return isUnseenBy(style) || (WHITE.test(style) && !hasBackground(element));
}

function isWhiteFont(element: PageElement): boolean {
  return /^(?:white|#f{3}(?:f{3})?)$/i.test(element.getAttribute('color') ?? '') && !hasBackground(element);
}

function isUnseenBy(style: string): boolean {
  return TINY.test(style) || OUTSIDE.test(style) || CLIPPED.test(style);
}

function* hidingRules(html: string): Generator<{ selector: string; style: string }> {
  let count = 0;
  for (const [, sheet = ''] of html.matchAll(STYLE_ELEMENT)) {
    for (const [, selector = '', style = ''] of plainRules(sheet.slice(0, MAX_STYLE_LENGTH))) {
      count += 1;
      if (count > MAX_RULES) return;
      const isWhiteOnNothing = WHITE.test(style) && !BACKGROUND.test(style);
      if (GONE.test(style) || isUnseenBy(style) || isWhiteOnNothing) yield { selector: selector.trim(), style };
    }
  }
}

/** The rules that hold always: none for other media, or for a pointer above something. */
function plainRules(sheet: string): RegExpExecArray[] {
  const always = withoutConditions(sheet.replaceAll(COMMENT, ' '));
  return [...always.matchAll(RULE)].filter(([, selector = '']) => !selector.includes(':'));
}

/** A style sheet without its `@media {…}` and the like. */
function withoutConditions(sheet: string): string {
  let plain = '';
  let at = 0;
  while (at < sheet.length) {
    const rule = sheet.indexOf('@', at);
    if (rule === -1) return plain + sheet.slice(at);
    plain += sheet.slice(at, rule);
    at = endOfRule(sheet, rule);
  }
  return plain;
}

function endOfRule(sheet: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sheet.length; at += 1) {
    const sign = sheet[at];
    if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    if (depth <= 0 && (sign === '}' || sign === ';')) return at + 1;
  }
  return sheet.length;
}

function elementsOf(body: PageElement, selector: string): Iterable<PageElement> {
  try {
    return [...body.querySelectorAll(selector)];
  } catch {
    return [];
  }
}

function hasBackground(element: PageElement): boolean {
  for (let at: PageElement | null = element; at; at = at.parentElement) {
    if (BACKGROUND.test(at.getAttribute('style') ?? '') || at.getAttribute('bgcolor')) return true;
  }
  return false;
}
