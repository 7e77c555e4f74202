import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Ask } from './serve-parent.ts';

type Request = { kind: 'cpu' } | { kind: 'work'; task: unknown };

/** A program of a benchmark in a process of its own. */
export class Child {
  readonly address: string;
  readonly #process: ChildProcess;
  #asked = 0;

  private constructor(child: ChildProcess, address: string) {
    this.#process = child;
    this.address = address;
  }

  /** Starts a program that calls `serveParent`; resolves once it is ready. */
  static async start(program: URL, settings: object = {}, execArgv: string[] = []): Promise<Child> {
    const child = fork(fileURLToPath(program), {
      execArgv: [...process.execArgv, ...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.setMaxListeners(0);
    child.send(settings);
    const { value } = await answerTo(child, 0);
    return new Child(child, String(value));
  }

  /** Microseconds of CPU, user and system, since the process began. */
  async cpu(): Promise<number> {
    return (await this.#ask({ kind: 'cpu' })) as number;
  }

  work(task: unknown): Promise<unknown> {
    return this.#ask({ kind: 'work', task });
  }

  stop(): void {
    this.#process.disconnect();
  }

  async #ask(request: Request): Promise<unknown> {
    this.#asked += 1;
    const ask: Ask = { id: this.#asked, ...request };
    const answer = answerTo(this.#process, ask.id);
    this.#process.send(ask);
    return (await answer).value;
  }
}

function answerTo(child: ChildProcess, id: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('A program of the benchmark ended too early.'));
    const onMessage = (answer: Answer) => {
      if (answer.id !== id) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}
