import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** What goes wrong with one answer of the machine that has the bytes. */
export type Fault =
  /** The connection is cut after so many bytes. */
  | { kind: 'cut'; after: number }
  /** Goes silent after so many bytes, the connection open. */
  | { kind: 'silent'; after: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** Answers a range with one that begins elsewhere. */
  | { kind: 'wrong-range' }
  | { kind: 'page' };

export interface HubRequest {
  server: 'hub' | 'cdn';
  path: string;
  range: string | undefined;
  ifRange: string | undefined;
  authorization: string | undefined;
  /** Bytes of the body that were given to the connection. */
  sent: number;
}

interface HubFile {
  bytes: Buffer;
  etag: string;
}

interface Sending {
  response: ServerResponse;
  entry: HubRequest;
  fault: Fault | undefined;
}

const PIECE_BYTES = 64 * 1024;

/**
 * Not a hub: two local servers that answer as Hugging Face does. The first redirects to the second
 * with the digest and the size in headers; the second sends ranges, and whatever faults it is told.
 */
export class FakeHub {
  readonly requests: HubRequest[] = [];
  /** For the next answers of the second server, one each. */
  readonly faults: Fault[] = [];
  hasRanges = true;
  /** The second server says how long a whole file is. */
  tellsSize = true;
  /** Digest and size in the first server's headers. */
  tellsDigest = true;
  /** Every answer has another etag, as behind machines that do not agree. */
  changesEtags = false;
  /** Answers that need this token are 401 without it. */
  token: string | null = null;
  /** Between two pieces of a body; one turn of the event loop when 0. */
  pieceDelayMs = 0;
  /** Called with all bytes sent so far, after each piece. */
  onSent: (bytes: number) => void = () => undefined;
  /** Where the first server redirects to, in place of the second. */
  redirectsTo: string | null = null;
  /** That were opened to either server. */
  connections = 0;
  readonly #salt = randomUUID();
  readonly #files = new Map<string, HubFile>();
  readonly #hub = createServer((request, response) => this.#answerHub(request, response));
  readonly #cdn = createServer((request, response) => void this.#answerCdn(request, response));

  async start(): Promise<string> {
    for (const server of [this.#hub, this.#cdn]) {
      server.on('connection', () => void (this.connections += 1));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return this.endpoint;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get endpoint(): string {
    return addressOf(this.#hub);
  }

  get cdn(): string {
    return addressOf(this.#cdn);
  }

  /** All bytes of bodies that went out. */
  get sentBytes(): number {
    return this.requests.reduce((sum, { sent }) => sum + sent, 0);
  }

  put(path: string, bytes: Buffer): void {
    // Another one on every machine, as behind the real hub.
    const etag = `"${createHash('md5').update(this.#salt).update(bytes).digest('hex')}"`;
    this.#files.set(path, { bytes, etag });
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): void {
    const entry = this.#note('hub', request);
    if (this.token !== null && entry.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end();
      return;
    }
    const path = entry.path.replace(/^\/([^/]+\/[^/]+)\/resolve\/[^/]+\//, '$1/');
    const file = this.#files.get(path);
    if (!file) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('Entry not found');
      return;
    }
    const told = {
      'x-linked-etag': `"${createHash('sha256').update(file.bytes).digest('hex')}"`,
      'x-linked-size': String(file.bytes.length),
      'x-repo-commit': '0'.repeat(40),
    };
    response
      .writeHead(302, { location: `${this.redirectsTo ?? this.cdn}/${path}?signed=yes`, ...(this.tellsDigest && told) })
      .end();
  }

  async #answerCdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = this.#note('cdn', request);
    const file = this.#files.get(entry.path.slice(1).replace(/\?.*$/, ''));
    const fault = this.faults.shift();
    if (!file) return void response.writeHead(404).end();
    if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end();
    if (fault?.kind === 'page') return void response.end('<!doctype html><title>Sign in</title>');
    await this.#sendFile(file, { response, entry, fault });
  }

  async #sendFile({ bytes, ...file }: HubFile, sending: Sending): Promise<void> {
    const { response, entry, fault } = sending;
    const etag = this.changesEtags ? `"${this.requests.length}"` : file.etag;
    const range = this.#rangeOf(entry, etag);
    if (range === null) {
      response.writeHead(200, { etag, ...(this.tellsSize && { 'content-length': bytes.length }) });
      return this.#send(bytes, sending);
    }
    if (range.start >= bytes.length)
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const first = range.start + (fault?.kind === 'wrong-range' ? 10 : 0);
    const end = Math.min(range.end, bytes.length);
    response.writeHead(206, {
      etag,
      'content-length': end - first,
      'content-range': `bytes ${first}-${end - 1}/${bytes.length}`,
    });
    return this.#send(bytes.subarray(first, end), sending);
  }

  /** Null for the whole file. */
  #rangeOf({ range, ifRange }: HubRequest, etag: string): { start: number; end: number } | null {
    if (!this.hasRanges || (ifRange !== undefined && ifRange !== etag)) return null;
    const [, start, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    return start === undefined ? null : { start: Number(start), end: last ? Number(last) + 1 : Infinity };
  }

  async #send(body: Buffer, { response, entry, fault }: Sending): Promise<void> {
    const end = fault && 'after' in fault ? Math.min(fault.after, body.length) : body.length;
    for (let offset = 0; offset < end; offset += PIECE_BYTES) {
      if (response.destroyed) return;
      const piece = body.subarray(offset, Math.min(offset + PIECE_BYTES, end));
      const isFlowing = response.write(piece);
      entry.sent += piece.length;
      this.onSent(this.sentBytes);
      if (!isFlowing) await untilWritable(response);
      await (this.pieceDelayMs > 0 ? delay(this.pieceDelayMs) : nextTurn());
    }
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'cut') response.destroy();
    else response.end();
  }

  #note(server: HubRequest['server'], { url = '', headers }: IncomingMessage): HubRequest {
    const entry: HubRequest = {
      server,
      path: url,
      range: headers.range,
      ifRange: headers['if-range'] as string | undefined,
      authorization: headers.authorization,
      sent: 0,
    };
    this.requests.push(entry);
    return entry;
  }
}

function untilWritable(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (response.destroyed) resolve();
  response.once('drain', resolve);
  response.once('close', resolve);
  return promise.finally(() => response.off('drain', resolve).off('close', resolve));
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
