// Small documents that several tests on a real Envoy share.

/** Denies one path with PERMISSION_DENIED, which a client sees as 403. */
export function denying(path: string): object {
  return {
    handlers: [{ name: 'closed', adapter: 'denier', params: { status: { code: 7 } } }],
    rules: [
      { name: 'r', match: `request.url_path == "${path}"`, actions: [{ handler: 'closed' }] },
    ],
  };
}

/** Writes each expression into a request header, so that the echo upstream shows its value. */
export function showing(expressions: Readonly<Record<string, string>>): object {
  return {
    rules: [
      {
        name: 'show',
        requestHeaderOperations: Object.entries(expressions).map(([name, value]) => ({
          name,
          operation: 'REPLACE',
          values: [value],
        })),
      },
    ],
  };
}
