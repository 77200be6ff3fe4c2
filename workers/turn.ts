/** Short, so that a process can stop and other work gets its turn. */
const TURN_MS = 1000;

/** Works batch after batch until one says that nothing is left, or the turn is over. */
export async function workForATurn(batch: () => Promise<'more' | 'done'>): Promise<void> {
  const end = performance.now() + TURN_MS;
  while ((await batch()) === 'more' && performance.now() < end);
}
