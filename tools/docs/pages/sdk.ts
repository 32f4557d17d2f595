// The page of the SDK: every name that an adapter may use.

import type { SdkModule, SdkName } from '../tables/sdk.ts';
import { code, generated, page } from '../markdown.ts';

/** One section for each module, one entry for each name. */
export function sdkPage(modules: readonly SdkModule[], prose: string): string {
  return page(
    '# The SDK, name by name',
    generated('assembly/sdk.ts'),
    prose,
    ...modules.flatMap(({ path, names }) => [
      `## ${path}`,
      ...(names.length === 0 ? [all(path)] : names.map(entry)),
    ]),
  );
}

function all(path: string): string {
  const isLimits = path === 'shared/limits';
  return isLimits
    ? 'Every limit by its name: see [limits](reference/limits.md).'
    : `Everything in ${code(path)}.`;
}

function entry({ name, signature, text, members }: SdkName): string {
  const lines = members.map(
    (member) => `- ${code(member.signature)}${member.text === '' ? '' : `: ${member.text}`}`,
  );
  const head = `**${name}**: ${code(signature)}`;
  return [head, text, lines.join('\n')].filter((part) => part !== '').join('\n\n');
}
