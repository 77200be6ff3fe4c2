import type { Locale } from '../../problems/model.ts';
import { claimTexts } from '../texts/claim.ts';

export interface FootProps {
  readonly locale: Locale;
  /** This page's own address; the other language is asked for with it. */
  readonly path: string;
  readonly isIphone: boolean;
  readonly isMember: boolean;
}

/** Why this is safe, help, the other language and who else it might be; at one place on each page. */
export function Foot({ locale, path, isIphone, isMember }: FootProps) {
  const texts = claimTexts[locale];
  const other = locale === 'en' ? 'zh-CN' : 'en';
  const otherPath = `${path}${path.includes('?') ? '&' : '?'}lang=${other}`;
  return (
    <footer>
      <details>
        <summary>{texts.safe}</summary>
        <p>{texts.safeWhy}</p>
      </details>
      <details id="help">
        <summary>{texts.help}</summary>
        <ul>
          {isIphone && <li>{texts.helpIphone}</li>}
          {texts.helpPoints.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </details>
      <nav>
        {isMember && <a href="/me">{texts.wallet}</a>}
        {isMember && <a href="/me">{texts.notYou}</a>}
        <a href={otherPath} lang={other} hreflang={other}>
          {texts.otherLanguage}
        </a>
      </nav>
    </footer>
  );
}
