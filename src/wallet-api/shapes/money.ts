import { int64, kind, message, text } from './scalars.ts';

export const money = message('Money', { kind, micros: int64, currencyCode: text });
