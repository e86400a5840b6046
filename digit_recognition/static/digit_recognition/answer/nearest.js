// Chooses the reader: this device if it is ready, else the server, unless the visitor keeps drawings here.

import { Unanswered } from "./server.js";

/** @type {(readers: Readers) => Ask<AnswerFrom>} */
export function askNearest({ device, server, staysHere }) {
  /** @type {Ask<AnswerFrom>} */
  const askDevice = async (...question) => ({ ...(await device.ask(...question)), from: "device" });
  /** @type {Ask<AnswerFrom>} */
  const askServer = async (...question) => ({
    ...(await server(...question)),
    from: device.unsupported ? "serverAlone" : "server",
  });

  return async (drawing, signal) => {
    if (drawing.foreign) {
      if (staysHere()) {
        throw new Unanswered("foreign");
      }
      return askServer(drawing, signal);
    }
    if (device.ready || staysHere()) {
      try {
        return await askDevice(drawing, signal);
      } catch (error) {
        if (signal.aborted || staysHere()) {
          throw error;
        }
      }
    }
    try {
      return await askServer(drawing, signal);
    } catch (error) {
      // Offline, the device may soon be ready: its files may be in the cache from an earlier visit.
      const { kind } = /** @type {Unanswered} */ (error);
      const noServer = ["offline", "unreachable"].includes(kind);
      const starts = ["starting", "ready"].includes(device.state) || (device.state === "off" && kind === "offline");
      if (signal.aborted || !noServer || !starts) {
        throw error;
      }
      return askDevice(drawing, signal).catch(() => Promise.reject(error));
    }
  };
}
