import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import { collect } from './testing/index.ts';

describe('an event log', () => {
  it('gives every follower everything, whenever it comes', async () => {
    const log = new EventLog<string>();
    log.append('a');
    const early = collect(log.follow(0));
    log.append('b');
    const late = collect(log.follow(0));
    log.append('c');
    log.end();
    const all = ['a', 'b', 'c'].map((value, index) => ({ sequence: index + 1, value }));
    expect(await Promise.all([early, late, collect(log.follow(0))])).toEqual([all, all, all]);
  });

  it('continues after the sequence asked for', async () => {
    const log = new EventLog<string>();
    for (const value of ['a', 'b', 'c']) log.append(value);
    log.end();
    expect(await collect(log.follow(2))).toEqual([{ sequence: 3, value: 'c' }]);
    expect(await collect(log.follow(99))).toEqual([]);
  });

  it('lets go of a follower whose signal aborts, and of no other', async () => {
    const log = new EventLog<string>();
    const leaving = new AbortController();
    const left = collect(log.follow(0, leaving.signal));
    const staying = collect(log.follow(0));
    log.append('a');
    leaving.abort();
    expect(await left).toHaveLength(0);
    log.append('b');
    log.end();
    expect(await staying).toHaveLength(2);
  });

  it('takes nothing after its end', () => {
    const log = new EventLog<string>();
    log.end();
    log.end();
    expect(() => log.append('a')).toThrow('ended');
  });
});
