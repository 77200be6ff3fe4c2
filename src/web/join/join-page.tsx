import { Document } from '../document.tsx';
import { joinTexts } from '../texts/join.ts';
import { JoinForm, type JoinFormProps } from '../ui/join-form.tsx';

export interface JoinPageProps extends JoinFormProps {
  readonly nonce: string;
  readonly style: string;
}

/** The join form as a page of its own. */
export function JoinPage({ nonce, style, ...form }: JoinPageProps) {
  const { locale } = form;
  return (
    <Document locale={locale} title={joinTexts[locale].title} style={style} nonce={nonce}>
      <main>
        <JoinForm {...form} heading="h1" />
      </main>
    </Document>
  );
}
