import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeClone } from '../../src/redemptions/clone.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { FAILURES, type Failure, type Point } from '../support/sabotage.ts';
import {
  type Asked,
  type Kind,
  kindsOfHope,
  kindsOfRequests,
  tapOfAStranger,
} from './sabotaged-requests.ts';
import { type SabotagedService, startSabotagedService } from './sabotaged-service.ts';

/** Of the calls of one name in one request, how many go wrong, one after the other. */
const MOST_OF_A_NAME = sized(1, 3);

let service: SabotagedService;

beforeAll(async () => {
  service = await startSabotagedService();
}, 60_000);
afterAll(() => service?.stop());

const isGrant = (told: string) => told === '200' || told === '201';
const isFinal = (told: string) => !/^(?:202|500|503)/.test(told);

/** What came of requests of which one call each went wrong. */
interface Findings {
  /** Where something went wrong. */
  readonly struck: string[];
  /** Told that it was granted; and it was not done, or was not to be granted. */
  readonly wronglyGranted: string[];
  /** Did not end with the truth when asked again, or not with what that says. */
  readonly untrue: string[];
}

/** Sends one of a kind while that call goes wrong, and again where none does; gives its calls. */
async function strike(
  kind: Kind,
  point: Point | null,
  failure: Failure,
  found: Findings,
): Promise<readonly Point[]> {
  const request = await kind.ask();
  service.sabotage.arm(point, failure);
  const first = await request.send();
  const { struck, points } = service.sabotage.disarm();
  const where = `${kind.name}, ${failure} at ${point}`;
  if (struck) found.struck.push(where);
  await judge(kind, request, first, where, found);
  return points;
}

async function judge(
  { truth }: Kind,
  request: Asked,
  first: string,
  where: string,
  found: Findings,
): Promise<void> {
  const done = await request.effects();
  if (isGrant(first) && !(isGrant(truth) && done === 1)) {
    found.wronglyGranted.push(`${where}: ${first}, done ${done} times`);
  }
  let last = first;
  do last = await request.send();
  while (!isFinal(last));
  const ended = await request.effects();
  if (last !== truth || ended !== (isGrant(truth) ? 1 : 0)) {
    found.untrue.push(`${where}: ${first}, then ${last}, done ${ended} times`);
  }
}

/** Lets each call of a request of each kind go wrong in each way, one a request. */
async function strikeEverywhere(kinds: readonly Kind[]): Promise<Findings> {
  const found: Findings = { struck: [], wronglyGranted: [], untrue: [] };
  for (const kind of kinds) {
    for (const failure of FAILURES) {
      // In the first nothing goes wrong; it shows what could. Each that is struck may show more.
      const known: (Point | null)[] = [null];
      for (const point of known) {
        const seen = await strike(kind, point, failure, found);
        const isNew = (one: Point) => !known.includes(one) && nthOf(one) <= MOST_OF_A_NAME;
        known.push(...seen.filter(isNew));
      }
    }
  }
  return found;
}

const nthOf = (point: Point) => Number(point.split(' ').at(-1));

/** How many calls by name went wrong. */
const callsIn = ({ struck }: Findings) =>
  new Set(struck.map((where) => where.split(' at ')[1])).size;

async function makeOwedClones(): Promise<void> {
  const owed = await service.sql<{ id: string; redemptionId: string }>(
    `select id, payload ->> 'redemptionId' as "redemptionId" from outbox where done_at is null`,
  );
  for (const { id, redemptionId } of owed) {
    await makeClone(service.database, { outboxId: Number(id), redemptionId });
  }
}

test('whatever goes wrong in a request, it grants nothing wrongly and is told the truth', async (context) => {
  const kinds = await kindsOfRequests(service);
  const found = await strikeEverywhere(kinds);
  const { struck, wronglyGranted, untrue } = found;
  expect({ wronglyGranted, untrue }).toEqual({ wronglyGranted: [], untrue: [] });
  for (const { name } of kinds) {
    expect(struck.filter((where) => where.startsWith(`${name},`)).length, name).toBeGreaterThan(2);
  }
  await makeOwedClones();
  expect(await brokenInvariants(service.sql)).toEqual({});
  proven(
    context,
    'E3',
    `${struck.length} faults: ${callsIn(found)} calls of ${kinds.length} kinds of requests go wrong in ${FAILURES.length} ways`,
    `${wronglyGranted.length} of ${struck.length} granted wrongly, ${untrue.length} not told the truth afterwards`,
  );
}, 300_000);

/** Sends it while that part of WebCrypto fails, and then again. */
async function sendWithout(part: 'verify' | 'importKey', { send, effects }: Asked) {
  const failing = vi.spyOn(crypto.subtle, part).mockRejectedValue(new Error('sabotage'));
  const first = await send();
  failing.mockRestore();
  return { first, done: await effects(), last: await send() };
}

test('where signatures cannot be verified no terminal is believed', async () => {
  const kinds = await kindsOfRequests(service);
  for (const { name, truth, ask } of kinds.filter((kind) => kind.name.startsWith('tap'))) {
    const told = await sendWithout('verify', await ask());
    expect({ name, ...told }).toEqual({
      name,
      first: '401 tap-not-authenticated',
      done: 0,
      last: truth,
    });
  }
});

test('nor where a key that was never seen cannot be read', async () => {
  const told = await sendWithout('importKey', await tapOfAStranger(service));
  expect(told).toEqual({ first: '500 internal-error', done: 0, last: '200' });
});

test('a till that hopes for the best gives what it must not', async (context) => {
  const { struck, wronglyGranted } = await strikeEverywhere(await kindsOfHope(service));
  expect(wronglyGranted.length).toBeGreaterThan(0);
  twinFailed(
    context,
    'E3',
    `${struck.length} faults at a till that takes errors for nothing`,
    `${wronglyGranted.length} of ${struck.length} granted wrongly`,
  );
}, 60_000);
