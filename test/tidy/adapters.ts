// The shape of an adapter's folder, and of the pages a reader meets first.

import type { Problem, SourceFile } from './source.ts';

export const ADAPTER_FILES: readonly string[] = [
  'adapter.ts',
  'handler.ts',
  'cases.yaml',
  'README.md',
];
export const README_LINES_MAX = 150;

/** Holds that each adapter's folder is complete and that its README begins with its name. */
export function adapterFolders(files: readonly SourceFile[]): Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const names = new Set(files.flatMap(({ path }) => /^adapters\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...names].sort().flatMap((name) => {
    const folder = `adapters/${name}`;
    const missing = ADAPTER_FILES.filter((file) => !byPath.has(`${folder}/${file}`)).map(
      (file) => ({
        rule: 'adapter-files',
        path: folder,
        line: 0,
        subject: file,
        message: `${folder}/${file} is missing: an adapter has ${ADAPTER_FILES.join(', ')}`,
      }),
    );
    const readme = byPath.get(`${folder}/README.md`);
    return readme ? [...missing, ...title(readme, name)] : missing;
  });
}

function title({ path, text }: SourceFile, name: string): Problem[] {
  if (text.startsWith(`# ${name}\n`)) return [];
  return [
    { rule: 'readme', path, line: 1, subject: '', message: `the first line must be "# ${name}"` },
  ];
}

/** Holds that the first page stays short. */
export function readme(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(
      ({ path, text }) =>
        path === 'README.md' && text.trimEnd().split('\n').length > README_LINES_MAX,
    )
    .map(({ path }) => {
      const message = `more than ${README_LINES_MAX} lines: move detail into docs/ and link it`;
      return { rule: 'readme', path, line: 0, subject: '', message };
    });
}
