/** Tells every ten seconds that something slow is still being waited for. */
export async function withProgress<T>(
  log: (line: string) => void,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    log(`${doing} (${Math.round((Date.now() - started) / 1000)} s)…`);
  }, 10_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
