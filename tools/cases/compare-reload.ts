// Whether a document that replaces another was taken or refused as the case says.

import type { Difference, Reload } from './types.ts';

export function refusalDifferences(
  { refused }: Reload,
  seen: { readonly isRefused: boolean; readonly log: readonly string[] },
  pointer: string,
): Difference[] {
  if (seen.isRefused !== (refused !== undefined))
    return [
      {
        pointer: `${pointer}/document`,
        what: 'the document',
        wanted: refused === undefined ? 'accepted' : 'refused',
        got: [seen.isRefused ? 'refused' : 'accepted', ...seen.log].join('\n'),
      },
    ];
  return (refused ?? []).flatMap((pattern, index) =>
    seen.log.some((line) => new RegExp(pattern).test(line))
      ? []
      : [
          {
            pointer: `${pointer}/refused/${index}`,
            what: 'refused',
            wanted: `a line that matches /${pattern}/`,
            got: seen.log.join('\n'),
          },
        ],
  );
}
