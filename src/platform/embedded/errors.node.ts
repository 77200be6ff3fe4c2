/** The embedded database cannot run here; the message says why and what to do, in plain words. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError';
}

export class FolderInUseError extends EmbeddedPostgresError {
  override readonly name = 'FolderInUseError';

  constructor(dataDir: string) {
    super(
      `another Tapline is running in ${dataDir}; stop it first, ` +
        'or give this one a folder of its own with TAPLINE_DATA_DIR',
    );
  }
}

/** What anyone who cannot use the embedded database can do instead. */
export const USE_A_SERVER = 'set DATABASE_URL to a PostgreSQL server (14 or newer) instead';

const ELSEWHERE = `put the data elsewhere with TAPLINE_DATA_DIR, or ${USE_A_SERVER}`;

/** The same failure in words an operator can act on; any other error is returned as it is. */
export function inPlainWords(error: unknown, dataDir: string): unknown {
  if (error instanceof EmbeddedPostgresError || !(error instanceof Error)) return error;
  const { code, path = dataDir } = error as NodeJS.ErrnoException;
  const explain = (text: string) => new EmbeddedPostgresError(text, { cause: error });
  if (DISK_FULL_CODES.has(code ?? '') || DISK_FULL.test(error.message)) {
    return explain(`no space left on the disk of ${dataDir}: free some, or ${USE_A_SERVER}`);
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return explain(`no permission to use ${path} (${code}): ${ELSEWHERE}`);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return explain(`a file is in the way of the folder ${path}: ${ELSEWHERE}`);
  }
  return error;
}

/** Node's codes, and PostgreSQL's disk_full. */
const DISK_FULL_CODES = new Set(['ENOSPC', 'EDQUOT', '53100']);
const DISK_FULL = /No space left on device|Disk quota exceeded/i;
