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
