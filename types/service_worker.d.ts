// Constants that offline.py writes above the script.

declare const VERSION: string;

declare const RELEASE: {
  /** Each page's address, and the addresses that the page names. */
  pages: Record<string, string[]>;
  /** Cached when a release is installed. */
  shell: string[];
  /** Cached after a page has loaded it. */
  engine: string[];
};

// Globals of service workers, which the declarations for all workers lack.

declare const clients: Clients;
declare const registration: ServiceWorkerRegistration;

declare function addEventListener<Name extends "activate" | "fetch" | "install" | "message">(
  name: Name,
  handle: (event: ServiceWorkerGlobalScopeEventMap[Name]) => void,
): void;
