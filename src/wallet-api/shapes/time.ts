import { kind, message, timeText } from './scalars.ts';

export const dateTime = message('DateTime', { date: timeText });

export const timeInterval = message('TimeInterval', { kind, start: dateTime, end: dateTime });
