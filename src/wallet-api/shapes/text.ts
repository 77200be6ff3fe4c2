import { z } from '@hono/zod-openapi';
import { kind, message, text } from './scalars.ts';

export const translatedString = message('TranslatedString', { kind, language: text, value: text });

export const localizedString = message('LocalizedString', {
  kind,
  defaultValue: translatedString,
  translatedValues: z.array(translatedString),
});
