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
function ask({ dispatcher }: Plane, prefixes: string[], model = 'm'): RecordingSeeker {
  const seeker = new RecordingSeeker(model, '', prefixes);
  dispatcher.acquire(seeker);
  return seeker;
}

describe('the worker that holds the beginning of a prompt', () => {
  const firstTurn = ['11111111'];
  const secondTurn = [...firstTurn, '22222222'];
  const twins = () => {
    const plane = createTestPlane();
    for (const name of ['a', 'b']) register(plane, name, ['m'], 4);
    const end = (seeker: RecordingSeeker) => plane.dispatcher.release('gateway', seeker.lease!);
    return { plane, end };
  };

  it('gets the next turn of its conversation, though it is not its turn', () => {
    const { plane, end } = twins();
    for (const turn of [firstTurn, secondTurn, [...secondTurn, '33333333']]) {
      const seeker = ask(plane, turn);
      expect(seeker.lease?.worker_name).toBe('a');
      end(seeker);
    }
    expect(ask(plane, ['99999999']).lease?.worker_name).toBe('b');
  });

  it('is passed over when it has more than two requests more than its twin', () => {
    const { plane, end } = twins();
    end(ask(plane, firstTurn));
    const chosen = [1, 2, 3, 4].map(() => ask(plane, secondTurn).lease?.worker_name);
    expect(chosen).toEqual(['a', 'a', 'a', 'b']);
  });

  it('is known for each model, when a conversation is asked of several', () => {
    const { plane, end } = twins();
    register(plane, 'c', ['n'], 4);
    end(ask(plane, firstTurn));
    end(ask(plane, firstTurn, 'n'));
    expect(ask(plane, secondTurn).lease?.worker_name).toBe('a');
  });

  it('is passed over when it is full or gone', () => {
    const { plane, end } = twins();
    end(ask(plane, firstTurn));
    plane.registry.unregister('a');
    expect(ask(plane, secondTurn).lease?.worker_name).toBe('b');
  });
});

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

it('lets nobody be kept out of a full queue by one user, and bounds that, too', () => {
  const plane = createTestPlane({ queueLimit: 2 });
  register(plane, 'a', ['m'], 1);
  const users = ['ann', 'ann', 'ann', 'bob', 'bob', 'cleo', 'dan'];
  const refusals = users.map((user) => acquire(plane, 'm', user).refusal);
  expect(refusals).toEqual([null, null, null, null, 'queue_full', null, 'queue_full']);
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

  interface Moment extends Plane {
    random: () => number;
    seekers: RecordingSeeker[];
  }
  const NAMES = ['a', 'b', 'c'] as const;
  const anyOf = <Item>(items: readonly Item[], random: () => number) => items[Math.floor(random() * items.length)];
  const anyLease = ({ seekers, random }: Moment) =>
    anyOf(seekers, random)?.lease ?? { lease_id: 'none', worker_name: 'a' };

  /** What may happen, each as often as its weight says. */
  const happenings: [weight: number, happen: (moment: Moment) => void][] = [
    [40, (now) => void now.seekers.push(acquire(now, anyOf(['m', 'm', 'n'], now.random)!, anyOf(NAMES, now.random)))],
    [25, (now) => void now.dispatcher.release('gateway', anyLease(now))],
    [3, (now) => void now.dispatcher.release('gateway', { ...anyLease(now), is_unreachable: true })],
    [4, (now) => now.dispatcher.renew('gateway', [{ model: 'm', ...anyLease(now) }])],
    [5, (now) => void now.dispatcher.cancel(anyOf(now.seekers, now.random) ?? new RecordingSeeker('m'))],
    [
      5,
      (now) =>
        register(now, anyOf(NAMES, now.random)!, anyOf([['m'], ['m', 'n']], now.random)!, anyOf([1, 2, 3], now.random)),
    ],
    [3, (now) => void now.registry.unregister(anyOf(NAMES, now.random)!)],
    [15, passTime],
  ];
  const deck = happenings.flatMap(([weight, happen]) => Array.from({ length: weight }, () => happen));

  function passTime({ clock, registry, dispatcher, random }: Moment): void {
    clock.advance(random() * 1_500);
    for (const name of NAMES) if (random() < 0.9) registry.beat(name, Math.floor(random() * 4));
    registry.expire();
    dispatcher.tick();
  }

  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'no lease leaks and nobody is left waiting (seed %i)',
    (seed) => {
      const plane = createTestPlane({ queueLimit: 10 });
      const moment = { ...plane, random: seeded(seed), seekers: [] };
      for (let count = 0; count < 400; count += 1) {
        anyOf(deck, moment.random)?.(moment);
        const counted = NAMES.reduce((sum, name) => sum + plane.leases.inFlight(name), 0);
        expect(counted).toBe(plane.leases.size);
      }
      for (const name of NAMES) plane.registry.unregister(name);
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
