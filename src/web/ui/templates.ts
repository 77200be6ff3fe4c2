/** Texts as JSON: strings stay, and what takes arguments becomes a string with places for them. */
export type Templates = { readonly [name: string]: string | Templates };

/** What a page sends along in place of functions. */
export function templatesOf(texts: object): Templates {
  return mapped(texts, (text) => (typeof text === 'function' ? text('{0}', '{1}', '{2}') : text));
}

/** The texts again, as the server has them. */
export function textsFrom<Texts>(templates: Templates): Texts {
  return mapped(templates, (text) => (/\{0\}/.test(String(text)) ? filler(String(text)) : text));
}

function filler(template: string) {
  return (...values: unknown[]) =>
    template.replace(/\{([0-2])\}/g, (_place, index) => String(values[Number(index)]));
}

function mapped<To>(texts: object, change: (text: unknown) => unknown): To {
  const entries = Object.entries(texts).map(([name, text]) => [
    name,
    typeof text === 'object' && text !== null ? mapped(text, change) : change(text),
  ]);
  return Object.fromEntries(entries) as To;
}
