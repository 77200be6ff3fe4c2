/**
 * Not needed: every page works without it. The script keeps the page fresh while it is looked at,
 * counts down, copies and shares, and lets the phone keep its copies.
 */
import { countDown } from './countdown.ts';
import { fillAge, keepFresh } from './freshness.ts';
import { followKeys } from './keyboard.ts';
import { keepCopies } from './offline.ts';
import { offerSharing } from './sharing.ts';

document.documentElement.classList.add('has-script');
offerSharing();
followKeys();
fillAge();
countDown(keepFresh());
keepCopies();
