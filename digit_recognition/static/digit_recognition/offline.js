// Has the page kept for visits without a network: registers the service worker, and tells it once the engine is loaded.

import { whenIdle } from "./answer/privacy.js";

/**
 * address: the service worker's; empty where the server has none, as in development.
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
      return; // the browser keeps nothing for this site: the page works as ever
    }
    tellOnceLoaded(device);
  });
}

// Not before, so that the engine is loaded once.
/** @param {Device} device */
async function tellOnceLoaded(device) {
  const registration = await navigator.serviceWorker.ready;
  const tell = () => device.ready && newest(registration)?.postMessage("engine");
  device.addEventListener("change", tell);
  registration.addEventListener("updatefound", tell);
  tell();
}

/** @param {ServiceWorkerRegistration} registration */
function newest({ installing, waiting, active }) {
  return installing ?? waiting ?? active;
}
