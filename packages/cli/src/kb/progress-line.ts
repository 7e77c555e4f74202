import type { BaseDocument } from '@parley/contracts';
import type { Messages } from '../terminal/messages.ts';
import { ERASE_LINE, toOneLine, type ProgressOutput } from '../terminal/progress-output.ts';
import { isPutOff } from './watched-documents.ts';

/**
 * Tells how far documents are: each that came to its end on a line of its own and, on a terminal, a
 * last line that is written over.
 */
export class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #say: Messages;
  readonly #running = new Map<string, BaseDocument>();
  readonly #told = new Map<string, string>();

  constructor(output: ProgressOutput, say: Messages) {
    this.#output = output;
    this.#say = say;
  }

  show(document: BaseDocument): void {
    const outcome = outcomeOf(document, this.#say);
    if (outcome === null) this.#running.set(document.id, document);
    else this.#running.delete(document.id);
    // The end of a document is told again only when it is another one.
    if (outcome !== null && this.#told.get(document.id) !== outcome) {
      this.#told.set(document.id, outcome);
      this.tell(outcome);
    }
    this.#draw();
  }

  /** A line that stays. */
  tell(line: string): void {
    this.#output.write(`${this.#output.isTTY ? ERASE_LINE : ''}${line}\n`);
  }

  /** Takes the line that is written over away. */
  end(): void {
    if (this.#output.isTTY) this.#output.write(ERASE_LINE);
  }

  #draw(): void {
    if (!this.#output.isTTY) return;
    const [document] = this.#running.values();
    const line = document ? this.#say.kb.progress(this.#running.size, document.name, toStage(document, this.#say)) : '';
    this.#output.write(ERASE_LINE + toOneLine(line, this.#output));
  }
}

function outcomeOf(document: BaseDocument, say: Messages): string | null {
  const { state, name, chunks, error } = document;
  if (error && isPutOff(document)) return say.kb.documentPutOff(name, say.failure(error.code, error.message));
  if (state === 'ready') return say.kb.documentReady(name, chunks);
  if (state === 'cancelled') return say.kb.documentCancelled(name);
  if (state !== 'failed' && state !== 'set-aside') return null;
  return say.kb.documentFailed(name, error ? say.failure(error.code, error.message) : state);
}

function toStage({ state, percent }: BaseDocument, say: Messages): string {
  return `${say.kb.states[state]} ${Math.round(percent)} %`;
}
