import { walletTexts } from '../texts/wallet.ts';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';

/** What a phone without a network shows of a page that it has never kept. */
export function MissingCopyPage({ view }: { readonly view: View }) {
  const { title, text, retry } = walletTexts[view.locale].stored.none;
  return (
    <Frame view={view} title={title} place="wallet">
      <h1>{title}</h1>
      <p>{text}</p>
      {/* To the address that was asked for, which stays that of this page. */}
      <form>
        <button type="submit" class="primary">
          {retry}
        </button>
      </form>
    </Frame>
  );
}
