// The user's own files are wrong. Shown as its message alone, never with a stack trace.

export class BuildError extends Error {
  override readonly name = 'BuildError';
}
