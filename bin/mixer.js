#!/usr/bin/env node
// The `mixer` command: hands over to tools/cli/main.ts, as JavaScript where that was made of the present sources, else
// the TypeScript as it is.
// @ts-check

import { isCommandLineFresh, javascriptOf } from '../tools/build/javascript.js';

const MAIN = 'tools/cli/main.ts';

/** @param {string} file */
const load = (file) => import(new URL(`../${file}`, import.meta.url).href);

if (isCommandLineFresh()) {
  process.setSourceMapsEnabled(true);
  await load(javascriptOf(MAIN));
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await load(MAIN);
}
