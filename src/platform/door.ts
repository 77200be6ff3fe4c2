/** Lets so many in at once and sends the others away, before they cost anything. */
export function guardedDoor(
  most: number,
  full: () => Error,
): <T>(visit: () => Promise<T>) => Promise<T> {
  let present = 0;
  return async (visit) => {
    if (present >= most) throw full();
    present += 1;
    try {
      return await visit();
    } finally {
      present -= 1;
    }
  };
}
