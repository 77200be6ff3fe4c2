/** Numbers of entries that nobody has seen, from the first to the last. */
export interface Gap {
  readonly first: number;
  readonly last: number;
}

/** What of a range is missing when these numbers of it are there; they ascend. */
export function gapsIn({ first, last }: Gap, there: readonly number[]): Gap[] {
  const gaps: Gap[] = [];
  let next = first;
  for (const number of there) {
    if (number > next) gaps.push({ first: next, last: number - 1 });
    next = number + 1;
  }
  if (next <= last) gaps.push({ first: next, last });
  return gaps;
}
