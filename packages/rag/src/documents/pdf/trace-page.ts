import type { PDFPageProxy } from 'unpdf/pdfjs';
import { initialState, TextPosition, type GraphicsState, type PageFont } from './graphics-state.ts';
import { apply, multiply, toMatrix, type Matrix } from './matrix.ts';
import type { Box, PageContent } from './page-content.ts';
import { RuleCollector } from './rule-collector.ts';
import { Visibility } from './visibility.ts';
import { WordCollector } from './word-collector.ts';

/** pdf.js numbers its operations; their names are its own. */
export type OperationNames = ReadonlyMap<number, string>;

export interface PageTools {
  names: OperationNames;
  fontOf: (name: string) => PageFont;
  /** Whether what belongs to an optional layer is shown. */
  isShown: (layer: unknown) => boolean;
}

export type TracedPage = Omit<PageContent, 'number'>;

type Operation = (...values: unknown[]) => void;

/** Follows what a page paints: words with place, size and visibility. Pictures are skipped, not decoded. */
export async function tracePage(page: PDFPageProxy, tools: (page: PDFPageProxy) => PageTools): Promise<TracedPage> {
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: 1 });
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const tracer = new PageTracer(toMatrix(transform), { width, height }, tools(page));
  for (const [place, code] of fnArray.entries()) tracer.run(code, (argsArray[place] ?? []) as unknown[]);
  return { width, height, ...tracer.end() };
}

class PageTracer {
  readonly #tools: PageTools;
  readonly #base: Matrix;
  readonly #visibility: Visibility;
  readonly #collector: WordCollector;
  readonly #rules = new RuleCollector();
  readonly #position = new TextPosition();
  readonly #saved: { state: GraphicsState; hasMoved: boolean }[] = [];
  /** One for each open piece of marked content: whether it is on a layer that is not shown. */
  readonly #layers: boolean[] = [];
  #state: GraphicsState;
  /** Since the last `save` nothing was painted, only the place was set: a picture that was skipped. */
  #isUntouched = false;
  #hasMoved = false;

  constructor(base: Matrix, size: { width: number; height: number }, tools: PageTools) {
    this.#tools = tools;
    this.#base = base;
    this.#state = initialState(base);
    this.#visibility = new Visibility(size);
    this.#collector = new WordCollector(this.#visibility);
  }

  run(code: number, values: unknown[]): void {
    const name = this.#tools.names.get(code) ?? '';
    this.#operations[name]?.(...values);
    if (name.startsWith('paintImage') || name.startsWith('paintInlineImage')) this.#paintPicture();
  }

  end(): Pick<PageContent, 'words' | 'rules' | 'isPicture'> {
    this.#collector.close();
    return { words: this.#collector.words, rules: this.#rules.end(), isPicture: this.#visibility.hasPicture };
  }

  readonly #operations: Record<string, Operation> = {
    save: () => this.#save(),
    restore: () => this.#restore(),
    transform: (...numbers) => this.#transform(toMatrix(numbers)),
    paintFormXObjectBegin: (matrix) => {
      this.#save();
      if (matrix) this.#transform(toMatrix(matrix));
      this.#isUntouched = false;
    },
    paintFormXObjectEnd: () => this.#restore(),
    beginAnnotation: (...values) => {
      const [, , transform, matrix] = values;
      this.#save();
      this.#state.matrix = multiply(multiply(this.#base, toMatrix(transform)), toMatrix(matrix));
    },
    endAnnotation: () => this.#restore(),
    setGState: (entries) => this.#setAll(entries),
    setFillRGBColor: (colour) => (this.#state.fill = typeof colour === 'string' ? colour : null),
    setFillColorN: () => (this.#state.fill = null),
    setFillTransparent: () => (this.#state.alpha = 0),
    constructPath: (operation, _path, box) => this.#path(Number(operation), box),
    shadingFill: () => this.#visibility.addSurface({ box: { left: 0, top: 0, right: 1e6, bottom: 1e6 }, colour: null }),
    beginText: () => this.#position.set([1, 0, 0, 1, 0, 0]),
    setCharSpacing: (spacing) => (this.#state.charSpacing = Number(spacing)),
    setWordSpacing: (spacing) => (this.#state.wordSpacing = Number(spacing)),
    setHScale: (percent) => (this.#state.stretch = Number(percent) / 100),
    setLeading: (leading) => (this.#state.leading = -Number(leading)),
    setFont: (font, size) => this.#setFont(String(font), Number(size)),
    setTextRenderingMode: (mode) => (this.#state.renderMode = Number(mode)),
    setTextRise: (rise) => (this.#state.rise = Number(rise)),
    moveText: (x, y) => this.#position.moveLine(Number(x), Number(y)),
    setLeadingMoveText: (x, y) => {
      this.#state.leading = Number(y);
      this.#position.moveLine(Number(x), Number(y));
    },
    setTextMatrix: (matrix) => this.#position.set(toMatrix(matrix)),
    nextLine: () => this.#position.moveLine(0, this.#state.leading),
    showText: (glyphs) => this.#show(glyphs),
    beginMarkedContent: () => this.#layers.push(false),
    beginMarkedContentProps: (tag, layer) => this.#layers.push(tag === 'OC' && !this.#tools.isShown(layer)),
    endMarkedContent: () => this.#layers.pop(),
  };

  #save(): void {
    this.#saved.push({ state: this.#state, hasMoved: this.#hasMoved });
    this.#state = { ...this.#state };
    this.#isUntouched = true;
    this.#hasMoved = false;
  }

  #restore(): void {
    if (this.#isUntouched && this.#hasMoved) this.#paintPicture();
    const saved = this.#saved.pop();
    if (saved) [this.#state, this.#hasMoved] = [saved.state, saved.hasMoved];
    this.#isUntouched = false;
  }

  #transform(matrix: Matrix): void {
    this.#state.matrix = multiply(this.#state.matrix, matrix);
    this.#hasMoved = true;
  }

  #setAll(entries: unknown): void {
    for (const [key, value] of Array.isArray(entries) ? (entries as [string, unknown][]) : []) {
      if (key === 'ca') this.#state.alpha = Number(value);
      if (key === 'Font' && Array.isArray(value)) this.#setFont(String(value[0]), Number(value[1]));
    }
  }

  #setFont(name: string, size: number): void {
    this.#state.font = this.#tools.fontOf(name);
    this.#state.size = size;
  }

  #show(glyphs: unknown): void {
    this.#isUntouched = false;
    const at = { state: this.#state, position: this.#position, isOnHiddenLayer: this.#layers.includes(true) };
    this.#collector.show(Array.isArray(glyphs) ? glyphs : [], at);
  }

  /** A filled path is what later letters stand on; its box is near enough. */
  #path(operation: number, bounds: unknown): void {
    this.#isUntouched = false;
    const name = this.#tools.names.get(operation) ?? '';
    if (name === 'endPath' || !bounds || this.#layers.includes(true)) return;
    const [left = 0, bottom = 0, right = 0, top = 0] = Array.from(
      { ...(bounds as ArrayLike<number>), length: 4 },
      Number,
    );
    const box = this.#boxOf({ left, top: bottom, right, bottom: top });
    this.#rules.add(box);
    if (!/fill/i.test(name)) return;
    this.#visibility.addSurface({ box, colour: this.#state.alpha < 1 ? null : this.#state.fill });
  }

  #paintPicture(): void {
    this.#isUntouched = false;
    this.#visibility.addPicture(this.#boxOf({ left: 0, top: 0, right: 1, bottom: 1 }));
  }

  #boxOf({ left, top, right, bottom }: Box): Box {
    const corners = [left, right].flatMap((x) => [top, bottom].map((y) => apply(this.#state.matrix, { x, y })));
    const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  }
}
