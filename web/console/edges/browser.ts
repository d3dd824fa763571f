// The browser as the console's state sees it: network, clock, address bar, storage.
import type { Address, Ports, Storage } from '../state/ports.ts';

export const browser: Ports = {
  fetch: (path, init) => fetch(path, init),
  unixSeconds: () => Date.now() / 1000,
  after(seconds, act) {
    const timer = setTimeout(act, seconds * 1000);
    return () => clearTimeout(timer);
  },
  every(seconds, act) {
    const timer = setInterval(act, seconds * 1000);
    return () => clearInterval(timer);
  },
  randomKey: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  // Locks exist only over TLS and on loopback; elsewhere two tabs may both renew, and one signs in again.
  async alone(name, act) {
    if (!('locks' in navigator)) return act(true);
    const free = { ifAvailable: true };
    const done = await navigator.locks.request(name, free, async (lock) => lock && { value: await act(false) });
    return done === null ? navigator.locks.request(name, () => act(true)) : done.value;
  },
  storage: localStorageOrNone(),
  address: addressBar(),
  async openSocket(events) {
    const { openSocket } = await import('./socket.ts');
    return openSocket(events);
  },
  openEvents(path, names, events) {
    const source = new EventSource(`/api/v1${path}`);
    source.onopen = () => events.opened();
    source.onerror = () => events.failed(source.readyState === EventSource.CLOSED);
    for (const name of names)
      source.addEventListener(name, (message) =>
        events.event(name, JSON.parse((message as MessageEvent<string>).data)),
      );
    return () => source.close();
  },
};

/** Browsers may forbid storage altogether: then choices last as long as the page. */
function localStorageOrNone(): Storage {
  const fallback = new Map<string, string>();
  return {
    read(name) {
      try {
        return localStorage.getItem(name) ?? undefined;
      } catch {
        return fallback.get(name);
      }
    },
    write(name, value) {
      try {
        if (value === undefined) localStorage.removeItem(name);
        else localStorage.setItem(name, value);
      } catch {
        if (value === undefined) fallback.delete(name);
        else fallback.set(name, value);
      }
    },
  };
}

function addressBar(): Address {
  return {
    read: () => `${location.pathname}${location.search}`,
    push: (url) => history.pushState(null, '', url),
    replace: (url) => history.replaceState(null, '', url),
    onMove(act) {
      addEventListener('popstate', act);
      return () => removeEventListener('popstate', act);
    },
  };
}
