import { describe, expect, it } from 'vitest';
import {
  parseRedisInfo,
  unsafeDatabaseSettings,
  unsafeRedisSettings,
} from '../../src/platform/safety.ts';

describe('unsafeDatabaseSettings', () => {
  it.each([
    // fsync, synchronous_commit, full_page_writes, the settings complained of
    ['on', 'on', 'on', []],
    ['on', 'local', 'on', []],
    ['on', 'remote_write', 'on', []],
    ['on', 'remote_apply', 'on', []],
    ['on', 'off', 'on', ['synchronous_commit']],
    ['off', 'on', 'on', ['fsync']],
    ['on', 'on', 'off', ['full_page_writes']],
    ['off', 'off', 'off', ['fsync', 'synchronous_commit', 'full_page_writes']],
  ])('fsync %s, synchronous_commit %s, full_page_writes %s: %j', (fsync, commit, pages, names) => {
    const reasons = unsafeDatabaseSettings({
      fsync,
      synchronous_commit: commit,
      full_page_writes: pages,
    });
    expect(reasons.map((reason) => reason.split(' ')[0])).toEqual(names);
  });
});

describe('unsafeRedisSettings', () => {
  it.each([
    ['noeviction', 0, true],
    ['noeviction', 1_000_000, true],
    ['noeviction', null, true],
    ['allkeys-lru', 1_000_000, false],
    ['allkeys-lru', 0, false],
    ['volatile-ttl', 1_000_000, false],
    ['', null, false],
  ])('policy %j with maxmemory %j is safe: %j', (maxmemoryPolicy, maxmemory, isSafe) => {
    expect(unsafeRedisSettings({ maxmemoryPolicy, maxmemory }).length === 0).toBe(isSafe);
  });

  it('names the policy and the remedy', () => {
    const [reason] = unsafeRedisSettings({ maxmemoryPolicy: 'allkeys-lru', maxmemory: 1_000_000 });
    expect(reason).toContain('allkeys-lru');
    expect(reason).toContain('noeviction');
  });
});

describe('parseRedisInfo', () => {
  it('finds both settings among the others', () => {
    const info = '# Memory\r\nmaxmemory:1048576\r\nmaxmemory_human:1M\r\nmaxmemory_policy:x-y\r\n';
    expect(parseRedisInfo(info)).toEqual({ maxmemoryPolicy: 'x-y', maxmemory: 1_048_576 });
  });

  it('says when the server does not tell', () => {
    expect(parseRedisInfo('# Memory\r\nmaxmemory_human:0B\r\n')).toEqual({
      maxmemoryPolicy: '',
      maxmemory: null,
    });
  });
});
