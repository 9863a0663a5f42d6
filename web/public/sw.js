// Keeps the pages of the last visit, so that Okno opens without a network and says that there is none.
// Data never goes through here: only the page itself, its hashed assets and its icons.
const name = 'okno-pages-1';
const shell = ['/', '/theme.js', '/icon.svg', '/manifest.webmanifest'];
const most = 60; // assets kept, those of older versions go first

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => cache.addAll(shell))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((other) => other !== name).map((other) => caches.delete(other))))
      .then(() => self.clients.claim()),
  );
});

async function keep(key, response) {
  if (!response.ok) return;
  const cache = await caches.open(name);
  await cache.put(key, response);
  const assets = (await cache.keys()).filter((request) => new URL(request.url).pathname.startsWith('/assets/'));
  await Promise.all(assets.slice(0, Math.max(0, assets.length - most)).map((request) => cache.delete(request)));
}

async function fresh(request, key) {
  try {
    const response = await fetch(request);
    await keep(key, response.clone());
    return response;
  } catch (error) {
    const known = await caches.match(key);
    if (known) return known;
    throw error;
  }
}

// The name of an asset changes with its content, so the one kept is the one wanted.
async function kept(request) {
  const known = await caches.match(request);
  if (known) return known;
  const response = await fetch(request);
  await keep(request, response.clone());
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(fresh(request, '/'));
  else if (pathname.startsWith('/assets/')) event.respondWith(kept(request));
  else if (shell.includes(pathname)) event.respondWith(fresh(request, pathname));
});

// What an admin is told of a channel while no page is open (src/app/push.ts).
const words = {
  en: {
    'channel.broken': (name) => `The channel “${name}” does not work`,
    'channel.quiet': (name) => `The channel “${name}” went quiet`,
    'channel.working': (name) => `The channel “${name}” works again`,
    since: (time) => `Since ${time}`,
  },
  ru: {
    'channel.broken': (name) => `Канал «${name}» не работает`,
    'channel.quiet': (name) => `Канал «${name}» замолчал`,
    'channel.working': (name) => `Канал «${name}» снова работает`,
    since: (time) => `С ${time}`,
  },
};

self.addEventListener('push', (event) => {
  const { language, alarm } = event.data.json();
  const say = words[language] ?? words.en;
  const since = say.since(new Date(alarm.since).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' }));
  const shown = self.registration.showNotification(say[alarm.event](alarm.channel.name), {
    body: alarm.reason ? `${since}. ${alarm.reason}` : since,
    tag: `channel ${alarm.channel.id}`, // the newest state stands in place of the one before
    icon: '/icon-192.png',
    lang: language,
  });
  event.waitUntil(shown);
});

async function openChannels() {
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (!page) return self.clients.openWindow('/channels');
  await page.focus();
  return page.navigate('/channels');
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openChannels());
});
