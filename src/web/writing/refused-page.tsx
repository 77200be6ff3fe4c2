export interface RefusedPageProps {
  readonly title: string;
  readonly detail: string;
}

/** What somebody sees whose link writes nothing any more. */
export function RefusedPage({ title, detail }: RefusedPageProps) {
  return (
    <main>
      <section class="now bad">
        <h1>{title}</h1>
        <p>{detail}</p>
      </section>
    </main>
  );
}
