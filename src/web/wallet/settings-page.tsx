import type { Profile } from '../../members/profile-model.ts';
import type { Locale } from '../../problems/model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { DataSection } from './data-section.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';
import { ago } from './words.ts';

/** A phone on which the member is signed in. */
export interface ShownDevice {
  readonly id: string;
  readonly seenAt: Date;
}

export interface SettingsPageProps {
  readonly view: View;
  readonly profile: Profile;
  readonly devices: readonly ShownDevice[];
  readonly thisDeviceId: string;
  readonly now: Date;
  readonly isSaved: boolean;
  readonly isWordWrong: boolean;
}

/** What the member may change, take along and end. */
export function SettingsPage(props: SettingsPageProps) {
  const { view, isSaved } = props;
  const texts = walletTexts[view.locale].settings;
  return (
    <Frame view={view} title={texts.heading} place="settings">
      <h1>{texts.heading}</h1>
      {isSaved && (
        <p class="mark good" role="status">
          ✓ {texts.saved}
        </p>
      )}
      <You {...props} />
      <Display {...props} />
      <Devices {...props} />
      <DataSection view={view} isWordWrong={props.isWordWrong} />
    </Frame>
  );
}

function You({ view, profile }: SettingsPageProps) {
  const texts = walletTexts[view.locale].settings;
  const { displayName, email } = profile;
  return (
    <section aria-labelledby="you-title">
      <h2 id="you-title">{texts.you}</h2>
      <form method="post" action="/me/settings" class="fields">
        <label for="name">{texts.name}</label>
        <input
          id="name"
          name="displayName"
          autocomplete="nickname"
          maxLength={40}
          value={displayName ?? ''}
        />
        <label for="email">{texts.email}</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          maxLength={254}
          value={email ?? ''}
          aria-describedby="email-hint"
        />
        <p class="quiet" id="email-hint">
          {texts.emailHint}
        </p>
        <button type="submit" class="primary">
          {texts.save}
        </button>
      </form>
    </section>
  );
}

/** Each language is named in itself, for who can not read the other one. */
const LANGUAGES: readonly (readonly [Locale, string])[] = [
  ['zh-CN', '中文'],
  ['en', 'English'],
];

function Display({ view }: SettingsPageProps) {
  const { locale, largeType } = view;
  const texts = walletTexts[locale].settings;
  return (
    <section aria-labelledby="display-title">
      <h2 id="display-title">{texts.display}</h2>
      <form method="post" action="/me/language" class="choices" aria-label={texts.language}>
        {LANGUAGES.map(([language, name]) => (
          <button
            type="submit"
            key={language}
            name="language"
            value={language}
            lang={language}
            aria-pressed={language === locale}
          >
            {name}
          </button>
        ))}
      </form>
      <form method="post" action="/me/type">
        <button type="submit" name="large" value={largeType ? '0' : '1'}>
          {largeType ? texts.normalType : texts.largeType}
        </button>
      </form>
    </section>
  );
}

function Devices({ view, devices, thisDeviceId, now }: SettingsPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale].settings;
  const others = devices.filter(({ id }) => id !== thisDeviceId);
  return (
    <section aria-labelledby="devices-title">
      <h2 id="devices-title">{texts.devices}</h2>
      <ul class="devices">
        <li>
          <strong>{texts.thisDevice}</strong>
          <form method="post" action="/me/sign-out">
            <button type="submit">{texts.signOut}</button>
          </form>
          <span class="quiet">{texts.signOutHint}</span>
        </li>
        {others.map(({ id, seenAt }) => (
          <li key={id}>
            <span>
              {texts.otherDevice} <span class="quiet">{texts.seen(ago(seenAt, now, locale))}</span>
            </span>
            <form method="post" action={`/me/devices/${id}/end`}>
              <button type="submit">{texts.endDevice}</button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
