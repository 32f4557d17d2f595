// What `mixer test` and `mixer bench` have in common: the cases that a command line names, or everything that is wrong
// with their files.

import { findCases, readCases, type LoadedCase } from '../../cases/read.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { stderrColors } from '../output.ts';
import { problemsText, titleOf } from './report.ts';

/** All cases of all files; wrong files are shown, all of them, before anything runs. */
export function loadAll(paths: readonly string[]): LoadedCase[] {
  const files = [...new Set(paths.flatMap(findCases))].map(readCases);
  const wrong = files.filter(({ file, problems }) => file.problems.length + problems.length > 0);
  for (const file of wrong) process.stderr.write(problemsText(file, stderrColors()));
  if (wrong.length > 0) throw new FilesWrong('');
  if (files.length === 0)
    throw new WrongUsage(
      `no files of cases in ${paths.join(' ')}: expected cases.yaml or NAME.cases.yaml`,
    );
  return files.flatMap(({ cases }) => cases);
}

/** The cases whose title contains a text; none is a usage error. */
export function selected(cases: readonly LoadedCase[], filter?: string): LoadedCase[] {
  const chosen = cases.filter((each) => filter === undefined || titleOf(each).includes(filter));
  if (chosen.length === 0) throw new WrongUsage(`no case contains "${filter ?? ''}"`);
  return chosen;
}
