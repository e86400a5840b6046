// Decides who answers: this device where it can, else the server, unless the visitor keeps drawings here.

/** → async (drawing, signal) → the answer and `from`, "device" or "server". `staysHere()`: nothing may be sent. */
export function askNearest({ device, server, staysHere }) {
  return async (drawing, signal) => {
    if (device.ready || staysHere()) {
      try {
        return { ...(await device.ask(drawing, signal)), from: "device" };
      } catch (error) {
        if (signal.aborted || staysHere()) {
          throw error;
        }
      }
    }
    return { ...(await server(drawing, signal)), from: "server" };
  };
}
