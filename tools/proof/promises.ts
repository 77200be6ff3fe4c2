/** What we promise, in a few words, by the names that docs/proof.md explains. */
export const PROMISES: Readonly<Record<string, string>> = {
  C1: 'never more than the stock, never more than the limit',
  C2: 'the same in every interleaving',
  C3: 'the whole life of a coupon is what the model says',
  C4: 'a retry has no second effect and gets the same answer',
  C5: 'nothing acknowledged is lost or doubled when PostgreSQL dies',
  C6: 'windows follow the database’s clock alone',
  C7: 'a reversal takes back once, and exactly that',
  C8: 'one clone a redemption, never past the limit',
  D1: 'each job has its effect once, whatever dies',
  D2: 'losing the whole queue loses nothing',
  D3: 'a crashed job resumes soon, a poisonous one stops alone',
  D4: 'no start on a database or queue that may lose',
  D7: 'a backlog slows nobody down to a halt',
  E1: 'history cannot be rewritten unseen',
  E2: 'every decision can be explained',
  E3: 'an error never lets anyone through',
};
