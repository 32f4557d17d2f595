#!/usr/bin/env node
// The `mixer` command: loads the TypeScript sources as they are and hands over to tools/cli/main.ts.
// @ts-check

import { register } from 'tsx/esm/api';

register();
await import(new URL('../tools/cli/main.ts', import.meta.url).href);
