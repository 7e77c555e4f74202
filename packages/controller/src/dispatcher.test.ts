import { describe, expect, it } from 'vitest';
import { createTestPlane, RecordingSeeker } from './testing/test-plane.ts';

type Plane = ReturnType<typeof createTestPlane>;

function register({ registry }: Plane, workerName: string, models: string[], concurrency?: number): void {
  const status = { model_names: models, speed: 1, queue_length: 0, concurrency };
  registry.register({ worker_name: workerName, status, isBeating: true });
}
function acquire({ dispatcher }: Plane, model: string, user?: string): RecordingSeeker {
  const seeker = new RecordingSeeker(model, user);
  dispatcher.acquire(seeker);
  return seeker;
}

it('spreads requests evenly over equal workers', () => {
  const plane = createTestPlane();
  for (const name of ['a', 'b', 'c']) register(plane, name, ['m']);
  for (let request = 0; request < 30; request += 1) acquire(plane, 'm');
  expect(['a', 'b', 'c'].map((name) => plane.leases.inFlight(name))).toEqual([10, 10, 10]);
});

it('lets one user with many requests cost another no more than one turn', () => {
  const plane = createTestPlane();
  register(plane, 'a', ['m'], 1);
  const running = acquire(plane, 'm', 'ada');
  for (let request = 0; request < 50; request += 1) acquire(plane, 'm', 'ada');
  const single = acquire(plane, 'm', 'bob');
  expect(single.positions).toEqual([2]);
  plane.dispatcher.release('gateway', running.lease!);
  expect(single.positions).toEqual([2, 1]);
});

it('serves first who came first when models share a worker', () => {
  const plane = createTestPlane();
  register(plane, 'a', ['m', 'n'], 1);
  const running = acquire(plane, 'm');
  const first = acquire(plane, 'n');
  plane.clock.advance(10);
  const second = acquire(plane, 'm');
  plane.dispatcher.release('gateway', running.lease!);
  expect([first.lease?.worker_name, second.lease]).toEqual(['a', null]);
});

it('believes a worker that reports more than it was given', () => {
  const plane = createTestPlane();
  register(plane, 'a', ['m']);
  register(plane, 'b', ['m']);
  plane.registry.beat('a', 5);
  const seekers = [1, 2, 3].map(() => acquire(plane, 'm'));
  expect(seekers.map((seeker) => seeker.lease?.worker_name)).toEqual(['b', 'b', 'b']);
});

it('takes no more than the limit of the queue', () => {
  const plane = createTestPlane({ queueLimit: 2 });
  register(plane, 'a', ['m'], 1);
  const seekers = [1, 2, 3, 4].map(() => acquire(plane, 'm'));
  expect(seekers.map((seeker) => seeker.refusal)).toEqual([null, null, null, 'queue_full']);
});

describe('whatever happens in whatever order', () => {
  // A small generator (mulberry32), so that a failing run can be repeated by its seed.
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
  }

  function step(plane: Plane, random: () => number, seekers: RecordingSeeker[]): void {
    const workers = ['a', 'b', 'c'];
    const some = seekers[Math.floor(random() * seekers.length)];
    const worker = workers[Math.floor(random() * 3)]!;
    const kind = random();
    if (kind < 0.4) seekers.push(acquire(plane, random() < 0.7 ? 'm' : 'n', `user-${Math.floor(random() * 3)}`));
    else if (kind < 0.65 && some?.lease) plane.dispatcher.release('gateway', some.lease);
    else if (kind < 0.7 && some) plane.dispatcher.cancel(some);
    else if (kind < 0.75) register(plane, worker, random() < 0.5 ? ['m'] : ['m', 'n'], 1 + Math.floor(random() * 3));
    else if (kind < 0.78) plane.registry.unregister(worker);
    else if (kind < 0.82 && some?.lease) plane.dispatcher.renew('gateway', [{ model: 'm', ...some.lease }]);
    else if (kind < 0.85 && some?.lease)
      plane.dispatcher.release('gateway', { lease_id: some.lease.lease_id, is_unreachable: true });
    else {
      plane.clock.advance(random() * 1_500);
      for (const name of workers) if (random() < 0.9) plane.registry.beat(name, Math.floor(random() * 4));
      plane.registry.expire();
      plane.dispatcher.tick();
    }
  }

  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'no lease leaks and nobody is left waiting (seed %i)',
    (seed) => {
      const plane = createTestPlane({ queueLimit: 10 });
      const random = seeded(seed);
      const seekers: RecordingSeeker[] = [];
      for (let count = 0; count < 400; count += 1) {
        step(plane, random, seekers);
        const counted = ['a', 'b', 'c'].reduce((sum, name) => sum + plane.leases.inFlight(name), 0);
        expect(counted).toBe(plane.leases.size);
      }
      for (const name of ['a', 'b', 'c']) plane.registry.unregister(name);
      for (let round = 0; round < 10; round += 1) {
        plane.clock.advance(1_000);
        plane.dispatcher.tick();
      }
      expect(plane.leases.size).toBe(0);
      expect(plane.dispatcher.waitingCount).toBe(0);
      expect(['a', 'b', 'c'].map((name) => plane.leases.inFlight(name))).toEqual([0, 0, 0]);
    },
  );
});
