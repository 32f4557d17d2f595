#!/usr/bin/env node
// The `mixer` command: hands over to tools/cli/main.ts, as JavaScript where that was made of the present sources, else
// the TypeScript as it is.
// @ts-check

import { COMMAND_LINE, isCommandLineFresh } from '../tools/build/javascript.js';

const SOURCE = 'tools/cli/main.ts';

/** @param {string} file */
const load = (file) => import(new URL(`../${file}`, import.meta.url).href);

if (isCommandLineFresh()) {
  // Only a mistake of ours shows where it was, and only then are the maps worth their time.
  if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);
  await load(COMMAND_LINE);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await load(SOURCE);
}
