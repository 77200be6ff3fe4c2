import { walletTexts } from '../texts/wallet.ts';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';

export interface FailurePageProps {
  readonly view: View;
  readonly title: string;
  /** Cause and next step. */
  readonly detail: string;
  readonly code: string;
}

/** What happened, what to do, and the code for who asks. */
export function FailurePage({ view, title, detail, code }: FailurePageProps) {
  const texts = walletTexts[view.locale].failure;
  return (
    <Frame view={view} title={title} place={null}>
      <h1>{title}</h1>
      <p>{detail}</p>
      <p>
        <a class="button primary" href="/me" data-escape>
          {texts.home}
        </a>
      </p>
      <p class="quiet small">
        {texts.code}: {code}
      </p>
    </Frame>
  );
}
