import type { Locale } from '../../problems/model.ts';
import { Foot } from './foot.tsx';

export interface RefusalPageProps {
  readonly locale: Locale;
  readonly path: string;
  readonly title: string;
  readonly detail: string;
  /** For who asks the staff or the operator; null where nothing went wrong. */
  readonly code: string | null;
  readonly isIphone: boolean;
}

/** A touch that opened nothing: what happened, and what to do. */
export function RefusalPage({ locale, path, title, detail, code, isIphone }: RefusalPageProps) {
  return (
    <main>
      <header>
        <h1>{title}</h1>
      </header>
      <p>{detail}</p>
      {code !== null && (
        <p class="quiet">
          <small>{code}</small>
        </p>
      )}
      <Foot locale={locale} path={path} isIphone={isIphone} isMember={false} />
    </main>
  );
}
