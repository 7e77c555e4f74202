import { hostReplySchemas, launcherMessageSchema, ParleyError } from '@parley/contracts';
import type { ChildMessage, HostReply, HostRequest } from '@parley/contracts';
import type { ModelHost } from '@parley/server';

/** The child's end of the channel to the launcher; `process` is one. */
export interface HostChannel {
  connected: boolean;
  send?(message: ChildMessage, onSent: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

interface Waiting {
  op: HostRequest['op'];
  resolve: (reply: never) => void;
  reject: (error: ParleyError) => void;
}

/** Asks the launcher over the channel; replies are told apart by their numbers. */
export class HostClient implements ModelHost {
  readonly #channel: HostChannel;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(channel: HostChannel) {
    this.#channel = channel;
    channel.on('message', (message) => this.#onMessage(message));
    channel.on('disconnect', () => this.#onDisconnect());
  }

  ask<Op extends HostRequest['op']>(request: Extract<HostRequest, { op: Op }>): Promise<HostReply<Op>> {
    const { promise, resolve, reject } = Promise.withResolvers<HostReply<Op>>();
    if (!this.#channel.connected) return Promise.reject(hostMissing());
    const number = (this.#last += 1);
    this.#waiting.set(number, { op: request.op, resolve, reject });
    const message: ChildMessage = { type: 'host-request', request: number, body: request as HostRequest };
    this.#channel.send?.(message, (error) => {
      if (error && this.#waiting.delete(number)) reject(hostMissing(error));
    });
    return promise;
  }

  #onMessage(message: unknown): void {
    const parsed = launcherMessageSchema.safeParse(message);
    if (!parsed.success || parsed.data.type !== 'host-reply') return;
    const { request, result, error } = parsed.data;
    const waiting = this.#waiting.get(request);
    if (!waiting) return;
    this.#waiting.delete(request);
    if (error) return waiting.reject(ParleyError.fromBody(error, 'internal_error'));
    const reply = hostReplySchemas[waiting.op].safeParse(result);
    if (reply.success) waiting.resolve(reply.data as never); // Checked by the schema of the operation that was asked.
    else waiting.reject(new ParleyError('internal_error', 'The launcher gave no answer.', { cause: reply.error }));
  }

  #onDisconnect(): void {
    for (const { reject } of this.#waiting.values()) reject(hostMissing());
    this.#waiting.clear();
  }
}

function hostMissing(cause?: unknown): ParleyError {
  return new ParleyError('model_host_missing', 'The launcher that runs the models is gone.', { cause });
}
