import fc from 'fast-check';

/**
 * Checks a property and gives the details of the run, its seed among them.
 * @throws Error with the seed and the smallest counterexample
 */
export async function holds<Ts>(
  property: fc.IAsyncProperty<Ts>,
  parameters: fc.Parameters<Ts>,
): Promise<fc.RunDetails<Ts>> {
  const details = await fc.check(property, parameters);
  if (details.failed) throw new Error(await fc.asyncDefaultReportMessage(details));
  return details;
}
