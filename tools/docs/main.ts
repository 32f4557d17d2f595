// `npm run docs`: the same as `mixer docs`.

import { main } from '../cli/program.ts';

process.exitCode = await main(['docs', ...process.argv.slice(2)]);
