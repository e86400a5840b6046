// Keeps answers in step with the drawing: only the newest question may be answered.

/** Wraps `ask`: each question replaces the one before, whose answer, or failure, is then never heard of again. */
export function latestOf(ask) {
  let current = null;

  const drop = () => {
    current?.abort();
    current = null;
  };

  /** Calls `answered` or `failed`, or neither when another question, or `drop`, came first. */
  const put = async (drawing, { answered, failed }) => {
    drop();
    const mine = new AbortController();
    current = mine;
    const [outcome, value] = await settle(ask(drawing, mine.signal), answered, failed);
    if (current === mine) {
      current = null;
      outcome(value);
    }
  };

  return { put, drop };
}

function settle(promise, answered, failed) {
  return promise.then(
    (answer) => [answered, answer],
    (error) => [failed, error],
  );
}
