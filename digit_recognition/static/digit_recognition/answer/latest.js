// Asks one question at a time. Only the newest of the questions that come meanwhile waits; older ones are dropped.

/**
 * Wraps `ask` for a drawing that changes. Each question that was asked ends in `onAnswer` or `onFailure`, unless `drop`
 * was called.
 * @param {Ask<AnswerFrom>} ask @param {Listeners} listeners
 */
export function latestOf(ask, { onAnswer, onFailure }) {
  /** @type {{stop: AbortController} | null} */
  let current = null; // the question in progress
  /** @type {Question | null} */
  let next = null; // the newest question that waits

  /** @param {Question} question */
  const begin = async (question) => {
    const mine = { stop: new AbortController() };
    current = mine;
    const tell = await ask(question, mine.stop.signal).then(
      (answer) => () => onAnswer(answer, question),
      (error) => () => onFailure(error, question),
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
