import { vi } from 'vitest';
import type { BaseDocument } from '@parley/contracts';

/** FAKE request of the browser: nothing is sent; the test says how it goes on. */
export class FakeUploadCall extends EventTarget {
  readonly upload = new EventTarget();
  status = 0;
  responseText = '';
  path = '';
  file: File | null = null;

  open(_method: string, path: string): void {
    this.path = path;
  }

  setRequestHeader(): void {}

  send(file: File): void {
    this.file = file;
  }

  abort(): void {
    this.dispatchEvent(new Event('abort'));
  }

  /** So many bytes have left. */
  progress(loaded: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }));
  }

  end(status: number, body: BaseDocument | { error: object }): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.dispatchEvent(new Event('load'));
  }
}

/** The requests that were begun from now on, in order. */
export function recordUploadCalls(): FakeUploadCall[] {
  const calls: FakeUploadCall[] = [];
  vi.stubGlobal(
    'XMLHttpRequest',
    class extends FakeUploadCall {
      constructor() {
        super();
        calls.push(this);
      }
    },
  );
  return calls;
}
