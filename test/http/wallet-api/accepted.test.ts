import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWalletApi, type WalletApi } from '../../support/wallet-api.ts';
import {
  genericClass,
  genericObject,
  localized,
  loyaltyClass,
  passObject,
  richLoyaltyObject,
  VERTICAL_BODIES,
} from '../../support/wallet-bodies.ts';

let api: WalletApi;
let key: string;

beforeAll(async () => {
  api = await startWalletApi();
  key = await api.issuer('1990');
});
afterAll(() => api.stop());

const send = (method: string, path: string, body?: unknown, headers = {}) =>
  api.call(method, path, body, { key, headers });

async function accepted(method: string, path: string, body?: unknown, headers = {}) {
  const answer = await send(method, path, body, headers);
  expect(answer.body).not.toHaveProperty('error');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return answer.body;
}

describe.each(VERTICAL_BODIES)('$vertical', ({ vertical, classBody, objectBody }) => {
  const classes = `/${vertical}Class`;
  const objects = `/${vertical}Object`;
  const classId = `1990.${vertical}`;
  const objectId = `1990.${vertical}.one`;

  test('a class is inserted, read, replaced and patched', async () => {
    const inserted = await accepted('POST', classes, classBody(classId));
    expect(inserted).toMatchObject({ id: classId });
    expect(await accepted('GET', `${classes}/${classId}`)).toEqual(inserted);

    const replaced = await accepted('PUT', `${classes}/${classId}`, {
      ...classBody(classId),
      enableSmartTap: true,
    });
    expect(replaced).toMatchObject({ enableSmartTap: true });

    const patched = await accepted('PATCH', `${classes}/${classId}`, {
      redemptionIssuers: ['1990'],
    });
    expect(patched).toMatchObject({ enableSmartTap: true, redemptionIssuers: ['1990'] });
    expect(await accepted('GET', `${classes}/${classId}`)).toEqual(patched);
  });

  test('an object is inserted, read, replaced and patched', async () => {
    const inserted = await accepted('POST', objects, objectBody(objectId, classId));
    expect(inserted).toMatchObject({ id: objectId, classId, state: 'ACTIVE' });
    const read = await accepted('GET', `${objects}/${objectId}`);
    expect(read).toMatchObject(inserted);

    const replaced = await accepted('PUT', `${objects}/${objectId}`, {
      ...objectBody(objectId, classId),
      smartTapRedemptionValue: 'V1',
    });
    expect(replaced).toMatchObject({ smartTapRedemptionValue: 'V1' });

    const patched = await accepted('PATCH', `${objects}/${objectId}`, { state: 'EXPIRED' });
    expect(patched).toMatchObject({ smartTapRedemptionValue: 'V1', state: 'EXPIRED' });
  });

  test('kind, version and a copy of the class come with it, but not on generic passes', async () => {
    const read = await accepted('GET', `${objects}/${objectId}`);
    if (vertical === 'generic') {
      for (const field of ['kind', 'version', 'classReference'])
        expect(read).not.toHaveProperty(field);
      return;
    }
    expect(read).toMatchObject({
      kind: `walletobjects#${vertical}Object`,
      version: '3',
      classReference: { id: classId, kind: `walletobjects#${vertical}Class` },
    });
  });

  test('update takes back all that get gave', async () => {
    for (const path of [`${classes}/${classId}`, `${objects}/${objectId}`]) {
      const { version: _, ...got } = await accepted('GET', path);
      const sent = { ...got, issuerId: '1990', kind: 'x', version: '7', ...underReview(got) };
      const { version: __, ...put } = await accepted('PUT', path, sent);
      expect(put).toEqual(withoutReference(got));
    }
  });
});

const underReview = (got: { reviewStatus?: string }) =>
  got.reviewStatus === undefined ? {} : { reviewStatus: 'UNDER_REVIEW' };

function withoutReference({ classReference: _, ...resource }: Record<string, unknown>) {
  return resource;
}

describe('a body of the kind that issuers send', () => {
  const path = '/loyaltyObject/1990.rich';
  let inserted: Record<string, unknown>;

  test('keeps every field; int64 goes out as text, `kind` is taken and dropped', async () => {
    await accepted('POST', '/loyaltyClass', loyaltyClass('1990.richClass'));
    const sent = richLoyaltyObject('1990.rich', '1990.richClass');
    inserted = await accepted('POST', '/loyaltyObject', sent);
    expect(inserted).toMatchObject({
      secondaryLoyaltyPoints: { balance: { money: { micros: '20000000' } } },
      rotatingBarcode: { totpDetails: { periodMillis: '3000' } },
      messages: [{ header: 'Hello', body: 'There', messageType: 'TEXT' }],
    });
    expect(Object.keys(inserted).sort()).toEqual([...Object.keys(sent), 'kind', 'version'].sort());
    expect((inserted.messages as object[])[0]).not.toHaveProperty('kind');
  });

  test('patch merges objects at every depth, replaces arrays and clears with null', async () => {
    const patched = await accepted('PATCH', path, {
      barcode: { alternateText: 'alt' },
      heroImage: { sourceUri: { uri: 'https://merchant.example/new.jpg' } },
      linksModuleData: { uris: [{ uri: 'https://only.example/', description: null }] },
      accountName: null,
      rotatingBarcode: { totpDetails: { algorithm: null } },
    });
    expect(patched).toMatchObject({
      barcode: { type: 'QR_CODE', value: 'QR code', alternateText: 'alt' },
      heroImage: {
        sourceUri: { uri: 'https://merchant.example/new.jpg' },
        contentDescription: localized('Hero image description'),
      },
      linksModuleData: { uris: [{ uri: 'https://only.example/' }] },
    });
    expect(patched.linksModuleData.uris).toEqual([{ uri: 'https://only.example/' }]);
    expect(patched).not.toHaveProperty('accountName');
    expect(patched.rotatingBarcode.totpDetails).toEqual({
      periodMillis: '3000',
      parameters: [{ key: '3132333435363738', valueLength: 8 }],
    });
    const { version: _, ...now } = patched;
    const { version: __, classReference: ___, ...read } = await accepted('GET', path);
    expect(read).toEqual(now);
  });

  test('a balance of another type takes the place of the one before', async () => {
    const patched = await accepted('PATCH', path, {
      loyaltyPoints: { balance: { string: 'eight hundred' } },
    });
    expect(patched.loyaltyPoints).toEqual({
      label: 'Points',
      balance: { string: 'eight hundred' },
    });
  });

  test('update clears what is left out', async () => {
    const put = await accepted('PUT', path, passObject('1990.rich', '1990.richClass'));
    expect(put).not.toHaveProperty('barcode');
    expect(put).not.toHaveProperty('messages');
  });

  test('the id in the body of an update may be left out', async () => {
    const { id: _, ...body } = passObject('1990.rich', '1990.richClass');
    expect(await accepted('PUT', path, body)).toMatchObject({ id: '1990.rich' });
  });
});

describe('spellings', () => {
  test('old lowerCamel enum names are taken and answered as documented', async () => {
    const inserted = await accepted(
      'POST',
      '/loyaltyClass',
      loyaltyClass('1990.enums', {
        reviewStatus: 'underReview',
        multipleDevicesAndHoldersAllowedStatus: 'multipleHolders',
      }),
    );
    expect(inserted).toMatchObject({
      reviewStatus: 'APPROVED',
      multipleDevicesAndHoldersAllowedStatus: 'MULTIPLE_HOLDERS',
    });
    for (const [sent, answered] of [
      ['qrCode', 'QR_CODE'],
      ['EAN13', 'EAN_13'],
      ['pdf417', 'PDF_417'],
      ['PDF_417', 'PDF_417'],
      ['code128', 'CODE_128'],
    ]) {
      const object = passObject(`1990.enums.${sent}`, '1990.enums', {
        state: 'active',
        barcode: { type: sent, value: '1' },
      });
      expect(await accepted('POST', '/loyaltyObject', object)).toMatchObject({
        state: 'ACTIVE',
        barcode: { type: answered },
      });
    }
  });

  test('19-digit issuer ids keep every digit as text and as bare number', async () => {
    const big = await api.issuer('3388000000022174829');
    const answer = await api.raw('POST', '/walletobjects/v1/genericClass', {
      headers: { Authorization: `Bearer ${big}`, 'Content-Type': 'application/json' },
      body: '{"id":"3388000000022174829.g","redemptionIssuers":[3388000000022174829,"3388000000022174830"]}',
    });
    expect(answer.body.redemptionIssuers).toEqual(['3388000000022174829', '3388000000022174830']);
  });

  test("standard query parameters of Google's clients are tolerated", async () => {
    await accepted('POST', '/genericClass?alt=json&prettyPrint=false', genericClass('1990.query'));
    await accepted('GET', '/genericClass/1990.query?fields=id&quotaUser=x&%24.xgafv=2&key=abc');
  });

  test('a null is as good as a field left out', async () => {
    const sent = genericClass('1990.nulls', { enableSmartTap: null, messages: null });
    expect(await accepted('POST', '/genericClass', sent)).toEqual({ id: '1990.nulls' });
  });

  test('a suffix may hold dots', async () => {
    await accepted('POST', '/genericClass', genericClass('1990.a.b.c_d-e'));
    expect(await accepted('GET', '/genericClass/1990.a.b.c_d-e')).toEqual({ id: '1990.a.b.c_d-e' });
  });

  test('POST with X-HTTP-Method-Override: PATCH is a patch', async () => {
    const override = { 'X-HTTP-Method-Override': 'PATCH' };
    const patched = await accepted(
      'POST',
      '/genericClass/1990.nulls',
      { enableSmartTap: true },
      override,
    );
    expect(patched).toEqual({ id: '1990.nulls', enableSmartTap: true });
  });
});

describe('the life of a class', () => {
  test('a draft is published and stays published', async () => {
    const draft = loyaltyClass('1990.life', { reviewStatus: 'DRAFT' });
    expect(await accepted('POST', '/loyaltyClass', draft)).toMatchObject({ reviewStatus: 'DRAFT' });
    const published = await accepted('PATCH', '/loyaltyClass/1990.life', {
      reviewStatus: 'UNDER_REVIEW',
    });
    expect(published.reviewStatus).toBe('APPROVED');
    const patched = await accepted('PATCH', '/loyaltyClass/1990.life', { programName: 'New' });
    expect(patched).toMatchObject({ programName: 'New', reviewStatus: 'APPROVED' });
  });

  test('notifyPreference acts on one change and is never stored', async () => {
    const patched = await accepted('PATCH', '/loyaltyClass/1990.life', {
      notifyPreference: 'NOTIFY_ON_UPDATE',
    });
    expect(patched).not.toHaveProperty('notifyPreference');
  });

  test('an object moves to another class of its issuer', async () => {
    await accepted('POST', '/loyaltyClass', loyaltyClass('1990.silver'));
    await accepted('POST', '/loyaltyObject', passObject('1990.member', '1990.silver'));
    const moved = await accepted('PATCH', '/loyaltyObject/1990.member', { classId: '1990.life' });
    expect(moved.classId).toBe('1990.life');
    const listed = await accepted('GET', '/loyaltyObject?classId=1990.life');
    expect(listed.resources.map(({ id }: { id: string }) => id)).toEqual(['1990.member']);
  });

  test('a linked object stays linked', async () => {
    await accepted('POST', '/genericObject', genericObject('1990.linked', '1990.generic'));
    const links = { linkedObjectIds: ['1990.linked'] };
    await accepted('PATCH', '/loyaltyObject/1990.member', links);
    const put = await accepted(
      'PUT',
      '/loyaltyObject/1990.member',
      passObject('1990.member', '1990.life'),
    );
    expect(put).toMatchObject(links);
  });

  test("the tap's columns follow every change", async () => {
    await accepted('PATCH', '/loyaltyObject/1990.member', {
      barcode: { value: 'from the barcode' },
      validTimeInterval: { end: { date: '2027-01-01T00:00:00+08:00' } },
    });
    const [row] = await api.database.reads.run<Record<string, unknown>>(
      {
        name: 'test.columns',
        text: `select redemption_value, valid_from, valid_until at time zone 'UTC' as valid_until
                 from pass_objects where id = $1`,
      },
      ['1990.member'],
    );
    expect(row).toEqual({
      redemption_value: 'from the barcode',
      valid_from: null,
      valid_until: '2026-12-31 16:00:00',
    });
  });
});

test('one key gives one effect and the same answer', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  const first = await send('POST', '/genericClass', genericClass('1990.once'), headers);
  const second = await send('POST', '/genericClass', genericClass('1990.once'), headers);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(second.body).toEqual(first.body);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.headers.get('idempotent-replayed')).toBe('true');
});

test('every write leaves one entry in the audit', async () => {
  await accepted('POST', '/genericClass', genericClass('1990.audited'));
  await accepted('PATCH', '/genericClass/1990.audited', { enableSmartTap: true });
  const rows = await api.database.reads.run<{ action: string; actor: string }>(
    {
      name: 'test.audit',
      text: 'select action, actor from audit_entries where subject = $1 order by seq',
    },
    ['1990.audited'],
  );
  expect(rows.map(({ action }) => action)).toEqual(['pass-class.insert', 'pass-class.merge']);
  for (const { actor } of rows) expect(actor).toMatch(/^key:/);
});
