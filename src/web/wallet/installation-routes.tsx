import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import type { Assets } from '../assets.ts';
import { walletTexts } from '../texts/wallet.ts';
import { MissingCopyPage } from './missing-copy-page.tsx';
import { draw, type Pages } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

/** What makes the wallet an app on the phone that opens without a network. */
export function walletInstallationRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/manifest.webmanifest', '/me/offline');

  router.get('/me/manifest.webmanifest', (c) => {
    const locale = c.get('locale');
    const { title } = walletTexts[locale];
    const manifest = {
      id: '/me',
      start_url: '/me',
      scope: '/me',
      display: 'standalone',
      name: title,
      short_name: title,
      lang: locale,
      background_color: '#ffffff',
      theme_color: '#0b5c46',
      icons: [
        { src: ICON, sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
        { src: ICON, sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
      ],
    };
    c.header('Content-Type', 'application/manifest+json; charset=UTF-8');
    c.header('Cache-Control', 'no-cache');
    return c.body(JSON.stringify(manifest));
  });

  // Its address stays, and its content changes with that of the script which it names.
  router.get('/me/sw.js', (c) => {
    c.header('Content-Type', 'text/javascript; charset=UTF-8');
    c.header('Cache-Control', 'no-cache');
    c.header('Service-Worker-Allowed', '/me');
    return c.body(`importScripts('${assets.script('wallet-worker')}');`);
  });

  router.get('/me/offline', async (c) => draw(c, pages, (view) => <MissingCopyPage view={view} />));
  return router;
}

/** A card that waves, full to the edge, so that any mask may be laid over it. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#0b5c46"/><rect x="22" y="34" width="40" height="28" rx="5" fill="#fff"/><path d="M22 44h40" stroke="#0b5c46" stroke-width="5"/><path d="M67 40a14 14 0 0 1 0 16M73 35a22 22 0 0 1 0 26" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>',
)}`;
