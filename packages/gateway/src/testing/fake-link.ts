import type { LeaseReply, LeaseRequest } from '@parley/contracts';
import { LeaseClient, type LeaseLink } from '../leases/lease-client.ts';

/** A fake of the link to the controller: records what is asked; the test answers, opens it and loses it. */
export class FakeLink implements LeaseLink {
  isOpen = false;
  readonly asked: LeaseRequest[] = [];
  readonly leases: LeaseClient;
  #ids = 0;

  constructor() {
    const newId = () => `alone-${(this.#ids += 1)}`;
    this.leases = new LeaseClient({ link: this, now: () => performance.now(), newId });
  }

  send(operation: LeaseRequest): void {
    if (this.isOpen) this.asked.push(operation);
  }

  open(): void {
    this.isOpen = true;
    this.leases.onOpen();
  }

  lose(): void {
    this.isOpen = false;
    this.leases.onClose();
  }

  reply(reply: LeaseReply): void {
    this.leases.onReply(reply);
  }

  /** The controller says that so many workers are there, all of the model "m". */
  tellWorkers(addresses: string[], concurrency: number | null = null): void {
    const workers = addresses.map((worker_name) => {
      const load = { in_flight: 0, queue_length: 0, last_heart_beat_ms_ago: 0 };
      return { worker_name, model_names: ['m'], speed: 1, concurrency, ...load };
    });
    this.reply({ op: 'snapshot', snapshot: { workers, expected_models: [] } });
  }
}
