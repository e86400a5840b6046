// Makes the page work offline: registers the service worker, and tells it when the engine has loaded.

import { whenIdle } from "./answer/privacy.js";

/**
 * address: of the service worker; empty if the server has none, as in development.
 * @type {(address: string, device: Device) => void}
 */
export function workOffline(address, device) {
  if (!address || !navigator.serviceWorker) {
    return;
  }
  whenIdle(async () => {
    try {
      await navigator.serviceWorker.register(address);
    } catch {
      return; // the browser refuses; the page works, but not offline
    }
    reportEngine(device);
  });
}

// Waits until the engine is ready: the service worker then finds its files in the browser's cache.
/** @param {Device} device */
async function reportEngine(device) {
  const registration = await navigator.serviceWorker.ready;
  const tell = () => device.ready && newestWorker(registration)?.postMessage("engine");
  device.addEventListener("change", tell);
  registration.addEventListener("updatefound", tell);
  tell();
}

/** @param {ServiceWorkerRegistration} registration */
function newestWorker({ installing, waiting, active }) {
  return installing ?? waiting ?? active;
}
