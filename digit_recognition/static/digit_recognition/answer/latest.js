// Keeps answers in step with the drawing: one question at a time, and then the newest of those that came meanwhile.

/**
 * Wraps `ask`. Calls `answered` or `failed` for each question that was asked, unless `drop` came first.
 * @param {Ask<AnswerFrom>} ask @param {Listeners} listeners
 */
export function latestOf(ask, { answered, failed }) {
  /** @type {{stop: AbortController} | null} */
  let current = null; // the question that is being answered
  /** @type {Question | null} */
  let next = null; // the newest of those that wait for it

  /** @param {Question} question */
  const begin = async (question) => {
    const mine = { stop: new AbortController() };
    current = mine;
    const tell = await ask(question, mine.stop.signal).then(
      (answer) => () => answered(answer, question),
      (error) => () => failed(error, question),
    );
    if (current !== mine) {
      return;
    }
    current = null;
    const waiting = next;
    next = null;
    tell();
    if (waiting && !current) {
      begin(waiting);
    }
  };

  /** @param {Question} question */
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
