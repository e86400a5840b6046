// What offline.py writes before the script.

declare const VERSION: string;

declare const RELEASE: {
  /** By its address each page, and the addresses that it names. */
  pages: Record<string, string[]>;
  /** Kept when a release is installed. */
  shell: string[];
  /** Kept once a page has loaded it. */
  engine: string[];
};

// What service workers have, and the declarations of workers in general have not.

declare const clients: Clients;
declare const registration: ServiceWorkerRegistration;

declare function addEventListener<Name extends "activate" | "fetch" | "install" | "message">(
  name: Name,
  hear: (event: ServiceWorkerGlobalScopeEventMap[Name]) => void,
): void;
