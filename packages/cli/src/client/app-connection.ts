import type { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import { callHttp, readJson, type HttpAnswer, type HttpCall } from '@parley/service-kit';

/** The way to the application server, as the installation's owner. Throws `ParleyError`. */
export class AppConnection {
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;

  constructor(baseUrl: string, secret: string) {
    this.#baseUrl = baseUrl;
    this.#headers = { authorization: `Bearer ${secret}` };
  }

  async read<Schema extends z.ZodType>(call: HttpCall, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await readJson(await this.call(call)));
  }

  async call(call: HttpCall): Promise<HttpAnswer> {
    const answer = await callHttp(
      { ...call, url: this.#baseUrl + call.url, headers: { ...call.headers, ...this.#headers } },
      'provider_failed',
    );
    if (answer.status >= 400) throw ParleyError.fromBody(await readJson(answer), 'internal_error');
    return answer;
  }

  /** Sends a file as it is, whatever its size, and reads the answer. */
  async upload<Schema extends z.ZodType>(url: string, file: Blob, schema: Schema): Promise<z.output<Schema>> {
    const response = await fetch(this.#baseUrl + url, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': file.type || 'application/octet-stream' },
      body: file,
    }).catch((cause: unknown) => {
      throw new ParleyError('provider_failed', `${new URL(this.#baseUrl).host} did not take the file.`, { cause });
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw ParleyError.fromBody(body, 'internal_error');
    return schema.parse(body);
  }
}
