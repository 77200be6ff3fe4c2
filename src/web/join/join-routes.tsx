import { z } from '@hono/zod-openapi';
import type { AppContext } from '../../http/env.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { renewDeviceSecret } from '../../members/device.ts';
import { joinWithCode, phoneOfCode, requestJoinCode, type TypedCode } from '../../members/join.ts';
import type { Tx } from '../../platform/database.ts';
import { idPattern } from '../../platform/ids.ts';
import type { Sealer } from '../../platform/sealing.ts';
import { mergeMembers } from '../../privacy/merge.ts';
import type { Assets } from '../assets.ts';
import { anyDevice, deviceOf, rememberDevice } from '../device-cookie.ts';
import { readForm } from '../form.ts';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { ownPagesOnly } from '../own-pages.ts';
import { ownPath } from '../return-path.ts';
import { type JoinError, joinFailures } from '../texts/join-failures.ts';
import type { JoinStep } from '../ui/join-form.tsx';
import { JoinPage } from './join-page.tsx';

const CODE_ID = idPattern('jcd');

const PhoneForm = z.object({
  phone: z.string().max(100),
  returnTo: z.string().max(500).optional(),
  codeId: z.string().regex(CODE_ID).optional(),
});

const CodeForm = z.object({
  codeId: z.string().regex(CODE_ID),
  code: z.string().max(100),
  phone: z.string().max(100),
  displayName: z.string().max(200).optional(),
  returnTo: z.string().max(500).optional(),
});

/** The pages on which somebody joins; all of it works by plain forms. */
export function joinRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.use('/join', chosenLanguage(), ownPagesOnly(service.origin));
  router.use('/join/*', chosenLanguage(), ownPagesOnly(service.origin));
  const show = shower(service, assets);

  router.get('/join', async (c) => {
    return show(c, ownPath(c.req.query('returnTo')), await stepOf(c, service));
  });

  router.post('/join/code', async (c) => {
    const form = await readForm(c, PhoneForm);
    const returnTo = ownPath(form.returnTo);
    const device = await anyDevice(c, service.database);
    const asked = { device, phone: form.phone, locale: c.get('locale') };
    const outcome = await requestJoinCode(service, asked);
    if (outcome.ok) return c.redirect(addressOf(returnTo, outcome.codeId), 303);
    return show(c, returnTo, stepAgain(form, outcome.refusal));
  });

  router.post('/join', async (c) => {
    const form = await readForm(c, CodeForm);
    const returnTo = ownPath(form.returnTo);
    const error = await join(c, service, form);
    if (error === null) return c.redirect(returnTo, 303);
    const { codeId, phone, displayName = '' } = form;
    return show(c, returnTo, { kind: 'code', codeId, phone, displayName, error });
  });

  return router;
}

function shower({ signInProvider }: Service, assets: Assets) {
  return (c: AppContext, returnTo: string, step: JoinStep): Response =>
    html(
      c,
      (nonce) => (
        <JoinPage
          locale={c.get('locale')}
          nonce={nonce}
          style={assets.style('join')}
          returnTo={returnTo}
          issuerName={null}
          step={step}
          signIn={signInProvider !== null}
        />
      ),
      step.error === undefined ? 200 : joinFailures[step.error].status,
    );
}

/** Where the code is typed; the address can be opened again. */
function addressOf(returnTo: string, codeId: string): string {
  return `/join?returnTo=${encodeURIComponent(returnTo)}&code=${codeId}`;
}

/** The step of a code that was asked for in vain; an earlier one may still be typed. */
function stepAgain({ phone, codeId }: z.infer<typeof PhoneForm>, error: JoinError): JoinStep {
  if (codeId === undefined) return { kind: 'phone', phone, error };
  return { kind: 'code', codeId, phone, error };
}

async function stepOf(c: AppContext, { database, sealer }: Service): Promise<JoinStep> {
  if (c.req.query('failed') === 'sign-in') return { kind: 'phone', error: 'sign-in-failed' };
  const codeId = c.req.query('code');
  const device = await deviceOf(c, database.reads);
  const isCode = codeId !== undefined && CODE_ID.test(codeId);
  if (!isCode || device === null || sealer === null) return { kind: 'phone' };
  const phone = await phoneOfCode(database.reads, sealer, device.id, codeId);
  return phone === null ? { kind: 'phone' } : { kind: 'code', codeId, phone };
}

/** Null when the phone is a member's now. */
async function join(
  c: AppContext,
  { database, sealer }: Service,
  form: z.infer<typeof CodeForm>,
): Promise<JoinError | null> {
  if (sealer === null) return 'joining-not-enabled';
  const device = await deviceOf(c, database.reads);
  if (device === null) return 'code-expired';
  const code = form.code.normalize('NFKC').replace(/[\s-]/g, '');
  if (!/^[0-9]{6}$/.test(code)) return 'code-wrong';
  const displayName = nameOf(form.displayName);
  const typed = { deviceId: device.id, codeId: form.codeId, code, displayName };
  const joined = await database.transact((tx) => joinDevice(tx, sealer, typed));
  if (!joined.ok) return joined.refusal;
  rememberDevice(c, joined.secret);
  return null;
}

/** With a new secret; a phone that was another member's makes the two one. */
async function joinDevice(tx: Tx, sealer: Sealer, typed: TypedCode) {
  const outcome = await joinWithCode(tx, sealer, typed);
  if (!outcome.ok) return outcome;
  const { member, former } = outcome;
  if (former !== null) await mergeMembers(tx, member.memberId, former.memberId);
  return { ok: true, secret: await renewDeviceSecret(tx, typed.deviceId) } as const;
}

function nameOf(text: string | undefined): string | null {
  const name = text?.trim().slice(0, 40) ?? '';
  return name === '' ? null : name;
}
