import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface SecretTerminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Where the questions are shown; what is typed is shown nowhere. */
  output: NodeJS.WritableStream;
}

/**
 * Asks one question after the other and answers what was typed to each, without showing it. What
 * does not come from a keyboard is read without questions. Fewer lines than questions mean that the
 * person gave up by Ctrl+C or Ctrl+D, or that the pipe ended.
 */
export async function readSecretLines(questions: readonly string[], terminal: SecretTerminal): Promise<string[]> {
  const { input, output } = terminal;
  const isTyped = input.isTTY === true;
  // readline echoes by writing to its output. No history: the arrow up would bring a password back.
  const reader = createInterface({ input, output: nowhere(), terminal: isTyped, historySize: 0 });
  const lines = reader[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const question of questions) {
      if (isTyped) output.write(question);
      const line = await lines.next();
      if (isTyped) output.write('\n');
      if (line.done === true) break;
      answers.push(line.value);
    }
  } finally {
    reader.close();
  }
  return answers;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
