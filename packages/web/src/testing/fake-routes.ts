import { vi } from 'vitest';

/** One request as the page sent it. */
export interface FakeCall {
  method: string;
  path: string;
  body: unknown;
}

type Answer = (call: FakeCall) => unknown;

/** FAKE server behind `fetch`: answers JSON by "METHOD /path" (without the query), and records. A call that was not scripted fails. */
export class FakeRoutes {
  readonly calls: FakeCall[] = [];
  readonly #answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer>) {
    this.#answers = answers;
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => this.#answer(path, init));
  }

  /** What was sent to one route, in order. */
  sentTo(route: string): unknown[] {
    return this.calls.filter(({ method, path }) => `${method} ${path.split('?')[0]}` === route).map(({ body }) => body);
  }

  async #answer(path: string, { method = 'GET', body }: RequestInit): Promise<Response> {
    const call = { method, path, body: typeof body === 'string' ? (JSON.parse(body) as unknown) : body };
    this.calls.push(call);
    const answer = this.#answers[`${method} ${path.split('?')[0]}`];
    if (answer === undefined) throw new Error(`no answer was scripted for ${method} ${path}`);
    const answered = await answer(call);
    return answered instanceof Response ? answered : Response.json(answered);
  }
}

/** The answer of a server that refuses. */
export function refusal(code: string, status = 400): Response {
  return Response.json({ error: { code, message: 'Why.', type: 'x', param: null } }, { status });
}
