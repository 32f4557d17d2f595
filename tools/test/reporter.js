// A reporter for node:test that writes one JSON line for each test: what tools/test/run.ts counts.
// @ts-check

/**
 * @typedef {{ name: string, nesting: number, skip?: unknown, todo?: unknown, details: { type?: string, error?: Error } }} TestData
 * @param {AsyncIterable<{ type: string, data: TestData }>} events
 */
export default async function* report(events) {
  /** Names of the suites that enclose the present test. */
  const parents = /** @type {string[]} */ ([]);
  for await (const { type, data } of events) {
    if (type === 'test:start') parents.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { error } = data.details;
    const cause = /** @type {(Error & { failureType?: string }) | undefined} */ (error);
    // A suite fails because of its tests; it counts only when its own hooks fail, or when it is skipped as a whole: its
    // tests are not even named then.
    if (
      data.details.type === 'suite' &&
      (type === 'test:pass' ? data.skip === undefined : cause?.failureType === 'subtestsFailed')
    )
      continue;
    yield `${JSON.stringify({
      name: [...parents.slice(0, data.nesting), data.name].join(' › '),
      outcome:
        data.skip !== undefined || data.todo !== undefined
          ? 'skipped'
          : type === 'test:pass'
            ? 'passed'
            : 'failed',
      error: message(error),
    })}\n`;
  }
}

/** @param {Error | undefined} error */
function message(error) {
  const cause = error?.cause instanceof Error ? error.cause : error;
  return cause === undefined ? '' : (cause.stack ?? cause.message);
}
