// Keeps `mixer test` from judging code that is not there any more: it builds the filter, or warns that it is older than
// its sources. Of a filter that was built elsewhere nothing is known.

import { build } from '../build/build.ts';
import { BuildError } from '../build/build-error.ts';
import { staleTarget, staleText } from '../build/stale.ts';
import { findWorkspace } from '../build/workspace.ts';
import { FilesWrong } from './errors.ts';
import { createLog } from './output.ts';

const ADVICE = 'what follows is about older code; --build builds first';

/** Builds the filter where it is stale and that is wanted; else gives the warning to show, or null. */
export async function freshFilter(wasm: string, isBuilding: boolean): Promise<string | null> {
  const workspace = findWorkspace();
  const target = staleTarget(workspace, wasm);
  if (target === undefined) return null;
  if (!isBuilding) return staleText([target], ADVICE);
  const options = { targets: [target], debug: false, hotpath: 'off', log: createLog() } as const;
  try {
    await build({ ...workspace, ...options });
  } catch (error) {
    throw error instanceof BuildError ? new FilesWrong(error.message) : error;
  }
  return null;
}
