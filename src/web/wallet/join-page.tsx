import type { ComponentChildren } from 'preact';
import { walletTexts } from '../texts/wallet.ts';
import { JoinForm } from '../ui/join-form.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';

export interface JoinPageProps {
  readonly view: View;
  /** Where the member goes on. */
  readonly returnTo: string;
  /** What waits for them. */
  readonly children?: ComponentChildren;
}

/** What a phone sees that is nobody's yet. */
export function JoinPage({ view, returnTo, children }: JoinPageProps) {
  const { locale } = view;
  return (
    <Frame view={view} title={walletTexts[locale].title} place={null}>
      <h1>{walletTexts[locale].title}</h1>
      {children}
      <JoinForm
        locale={locale}
        returnTo={returnTo}
        issuerName={null}
        step={{ kind: 'phone' }}
        signIn={view.signIn}
      />
    </Frame>
  );
}
