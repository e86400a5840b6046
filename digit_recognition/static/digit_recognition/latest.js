// Keeps answers in step with the drawing: one question at a time, and then the newest of those that came meanwhile.

/** Wraps `ask`. Calls `answered` or `failed` for each question that was asked, unless `drop` came first. */
export function latestOf(ask, { answered, failed }) {
  let current = null; // the question that is being answered
  let next = null; // the newest of those that wait for it

  const begin = async (question) => {
    const mine = { stop: new AbortController() };
    current = mine;
    const [heard, value] = await settled(ask(question, mine.stop.signal), answered, failed);
    if (current !== mine) {
      return;
    }
    current = null;
    const waiting = next;
    next = null;
    heard(value, question);
    if (waiting && !current) {
      begin(waiting);
    }
  };

  const put = (question) => {
    if (current) {
      next = question;
    } else {
      begin(question);
    }
  };

  const drop = () => {
    current?.stop.abort();
    current = null;
    next = null;
  };

  return { put, drop };
}

function settled(promise, answered, failed) {
  return promise.then(
    (answer) => [answered, answer],
    (error) => [failed, error],
  );
}
