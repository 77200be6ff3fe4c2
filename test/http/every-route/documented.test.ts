import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type {
  DocumentedResponse,
  OpenApiDocument,
  Operation,
} from '../../../src/operation/openapi.ts';
import { resolveReference, type Schema, schemaErrors } from '../../support/json-schema.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import type { Answer, Client } from '../../support/service-client.ts';
import { VERTICAL_BODIES } from '../../support/wallet-bodies.ts';
import { type Merchant, minutesFromNow, tap, World } from '../../support/world.ts';
import { everyRoute, type OwnedRequest } from '../../support/world-routes.ts';

let service: TestService;
let world: World;
let owner: Merchant;
let stranger: Merchant;
let routes: OwnedRequest[];
let document: OpenApiDocument;
let operations: Operation[];

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  owner = await world.merchant();
  stranger = await world.merchant();
  routes = await everyRoute(world, owner);
  document = parse((await service.nobody.get('/openapi.yaml')).text) as OpenApiDocument;
  operations = Object.values(document.paths).flatMap((path) => Object.values(path));
});
afterAll(() => service.stop());

function operationOf(operationId: string): Operation {
  const found = operations.find((operation) => operation.operationId === operationId);
  if (found === undefined) throw new Error(`no operation ${operationId}`);
  return found;
}

/** What an answer has that the reference does not tell of it. */
function undocumented(operationId: string, { status, headers, text, body }: Answer): string[] {
  const told = operationOf(operationId).responses[status];
  if (told === undefined) return [`${operationId}: no answer ${status}`];
  const response = '$ref' in told ? resolveReference(told.$ref, document) : told;
  const { content = {} } = response as DocumentedResponse;
  if (text === '' && Object.keys(content).length === 0) return [];
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  const media = content[type];
  if (media === undefined) return [`${operationId} ${status}: no content ${type}`];
  // What is no JSON is told as the text that it is.
  const said = type.endsWith('json') ? body : text;
  const errors = schemaErrors(said, media.schema as Schema, document);
  return errors.map((error) => `${operationId} ${status}${error}`);
}

const send = (client: Client, { method, path, body }: OwnedRequest, headers = {}) =>
  client.send(method, path, {
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('the reference tells the truth about', () => {
  test('every request of the native face', () => {
    const errors = routes.flatMap(({ operationId, body }) => {
      const media = operationOf(operationId).requestBody?.content['application/json'];
      if (media === undefined || body === undefined) return [];
      const found = schemaErrors(body, media.schema as Schema, document);
      return found.map((error) => `${operationId}${error}`);
    });
    expect(errors).toEqual([]);
  });

  test('refusals', async () => {
    const errors: string[] = [];
    for (const route of routes) {
      const { operationId } = route;
      for (const client of [service.nobody, stranger.client]) {
        if (client === stranger.client && route.toStrangers === null) continue;
        errors.push(...undocumented(operationId, await send(client, route)));
      }
      const typeless = { 'Content-Type': 'text/plain' };
      if (route.body) {
        errors.push(...undocumented(operationId, await send(owner.client, route, typeless)));
        const wrong = { ...route, body: { unknown: 1 } };
        errors.push(...undocumented(operationId, await send(owner.client, wrong)));
      }
    }
    expect(errors).toEqual([]);
  });

  test('answers of the native face, with all that may be null', async () => {
    const errors: string[] = [];
    // Keys come with an end and without, and wallets with a name and without.
    const key = { issuerId: owner.issuerId, scopes: ['*'], mode: 'live' };
    const ending = { ...key, expiresAt: minutesFromNow(60) };
    errors.push(...undocumented('createApiKey', await owner.client.post('/v1/api-keys', ending)));
    const nameless = await owner.client.post<{ id: string }>('/v1/wallets', {});
    const platform = await world.wallet(service.root, { displayName: 'Ana' });
    errors.push(...undocumented('createWallet', nameless));
    for (const id of [nameless.body.id, platform]) {
      errors.push(...undocumented('getWallet', await owner.client.get(`/v1/wallets/${id}`)));
    }
    for (const route of routes) {
      const answer = await send(owner.client, route);
      expect(`${route.operationId} ${answer.status}`).toMatch(/ (?:2\d\d|409)$/);
      errors.push(...undocumented(route.operationId, answer));
    }
    expect(errors).toEqual([]);
  });

  test('a retry that asks for a key once more', async () => {
    const headers = { 'Idempotency-Key': 'documented' };
    const body = { issuerId: owner.issuerId, scopes: ['*'], mode: 'live' };
    await owner.client.post('/v1/api-keys', body, headers);
    const again = await owner.client.post('/v1/api-keys', body, headers);
    expect(again.body).toMatchObject({ key: null });
    expect(undocumented('createApiKey', again)).toEqual([]);
  });

  test('taps', async () => {
    const walletId = await world.wallet();
    await world.pass(owner, await world.passClass(owner), walletId);
    const { token } = await world.present(walletId);
    const told = await tap(service.nobody, owner.terminal, token);
    const twice = await tap(service.nobody, owner.terminal, token);
    expect([told.status, twice.status]).toEqual([200, 410]);
    expect([told, twice].flatMap((answer) => undocumented('tap', answer))).toEqual([]);
  });

  test('what an operator asks', async () => {
    const asked = [
      ['health', '/healthz'],
      ['readiness', '/readyz'],
      ['jwks', '/.well-known/jwks.json'],
    ] as const;
    for (const [operationId, path] of asked) {
      expect(undocumented(operationId, await service.nobody.get(path))).toEqual([]);
    }
  });
});

describe('the reference tells the truth about the Wallet face:', () => {
  const face = '/walletobjects/v1';

  test('issuers', async () => {
    const one = `${face}/issuer/${owner.issuerId}`;
    const answers = [
      ['issuerGet', await owner.client.get(one)],
      ['issuerList', await owner.client.get(`${face}/issuer`)],
      ['issuerPatch', await owner.client.patch(one, { name: 'Renamed' })],
      ['issuerInsert', await owner.client.post(`${face}/issuer`, { name: 'Mine' })],
      ['issuerGet', await stranger.client.get(one)],
      ['issuerInsert', await service.root.post(`${face}/issuer`, { name: 'Without Smart Tap' })],
    ] as const;
    expect(answers.flatMap(([id, answer]) => undocumented(id, answer))).toEqual([]);
  });

  test.each(VERTICAL_BODIES)('$vertical', async ({ vertical, classBody, objectBody }) => {
    const { client, issuerId } = owner;
    const [classId, objectId] = [`${issuerId}.told-${vertical}`, `${issuerId}.told-o-${vertical}`];
    const [classes, objects] = [`${vertical}Class`, `${vertical}Object`];
    const answers = [
      [`${classes}Insert`, await client.post(`${face}/${classes}`, classBody(classId))],
      [`${classes}Insert`, await client.post(`${face}/${classes}`, classBody(classId))],
      [`${classes}Get`, await client.get(`${face}/${classes}/${classId}`)],
      [`${classes}List`, await client.get(`${face}/${classes}?issuerId=${issuerId}`)],
      [
        `${objects}Insert`,
        await client.post(`${face}/${objects}`, objectBody(objectId, classId, { state: 'active' })),
      ],
      [`${objects}Patch`, await client.patch(`${face}/${objects}/${objectId}`, { state: 'bad' })],
      [`${objects}Get`, await client.get(`${face}/${objects}/${objectId}`)],
      [`${objects}List`, await client.get(`${face}/${objects}?classId=${classId}`)],
    ] as const;
    expect(answers.flatMap(([id, answer]) => undocumented(id, answer))).toEqual([]);
  });
});
