// Where the project's own files are, whatever folder a command runs in.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the project. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
