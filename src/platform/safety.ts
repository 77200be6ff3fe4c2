/** Settings under which acknowledged work could be lost; the service refuses to run on them. */

export interface DatabaseSettings {
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
}

/** Why acknowledged writes could be lost in this database; empty when they cannot. */
export function unsafeDatabaseSettings(settings: DatabaseSettings): string[] {
  const reasons: string[] = [];
  if (settings.fsync !== 'on') {
    reasons.push('fsync is off: a power cut can lose or corrupt the whole database; set it on');
  }
  // Every other value waits at least for the server's own disk.
  if (settings.synchronous_commit === 'off') {
    reasons.push(
      'synchronous_commit is off: a crash can lose the writes acknowledged just before it; ' +
        'set it on for the server, this database and this role',
    );
  }
  if (settings.full_page_writes !== 'on') {
    reasons.push('full_page_writes is off: a power cut can leave torn pages; set it on');
  }
  return reasons;
}

export interface RedisSettings {
  /** The text of maxmemory-policy; empty when the server does not tell. */
  readonly maxmemoryPolicy: string;
  /** In bytes; 0 is no limit, null when the server does not tell. */
  readonly maxmemory: number | null;
}

/** Why jobs could vanish from this Redis; empty when they cannot. */
export function unsafeRedisSettings({ maxmemoryPolicy, maxmemory }: RedisSettings): string[] {
  if (maxmemoryPolicy === 'noeviction') return [];
  const policy = maxmemoryPolicy === '' ? 'unknown' : maxmemoryPolicy;
  // Without a limit nothing is evicted today, but a limit can be set while Redis runs.
  const when = maxmemory === 0 ? 'as soon as it gets a memory limit' : 'when its memory is full';
  return [
    `Redis may evict jobs ${when} (maxmemory-policy is ${policy}); ` +
      'set maxmemory-policy to noeviction',
  ];
}

/** What Redis tells of its memory in INFO. */
export function parseRedisInfo(info: string): RedisSettings {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const maxmemory = field('maxmemory');
  return {
    maxmemoryPolicy: field('maxmemory_policy'),
    maxmemory: /^\d+$/.test(maxmemory) ? Number(maxmemory) : null,
  };
}
