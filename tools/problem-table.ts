import { problemCodes, problems } from '../src/problems/registry.ts';

const HEAD = `# Problem codes

Made from src/problems by \`npm run generate\`. A running service tells each of them at
\`/problems/<code>\`, and answers \`title\` and \`detail\` in the language of \`Accept-Language\`.

| code | status | English | 中文 |
| --- | --- | --- | --- |
`;

/** The table of every problem code, by status and then by code. */
export function problemTable(): string {
  const ordered = [...problemCodes].sort(
    (left, right) =>
      problems[left].status - problems[right].status || (left < right ? -1 : Number(left > right)),
  );
  const rows = ordered.map((code) => {
    const { status, title, detail } = problems[code];
    const texts = (['en', 'zh-CN'] as const).map(
      (locale) => `**${cell(title[locale])}** ${cell(detail[locale])}`,
    );
    return `| \`${code}\` | ${status} | ${texts.join(' | ')} |\n`;
  });
  return HEAD + rows.join('');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
