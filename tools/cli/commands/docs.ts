// `mixer docs`: writes what is generated from the sources (the reference, the JSON Schema, the tables in the adapters'
// READMEs), or says what of it is stale. In an author's folder: the READMEs and the schema of the author's adapters.

import { Command } from 'commander';

import { ROOT } from '../../build/root.ts';
import { findWorkspace } from '../../build/workspace.ts';
import { FilesWrong } from '../errors.ts';
import { filterPath } from '../inspect.ts';
import { createLog, print } from '../output.ts';

interface DocsFlags {
  readonly check?: true;
  readonly wasm?: string;
}

const EXAMPLES = `
Examples:
  $ mixer docs              writes docs/reference/, docs/sdk.md and the tables of the adapters' READMEs
  $ mixer docs --check      writes nothing; exit code 1 and the names of what is stale

It needs a built filter, whose adapters it asks for their standard instances and metrics.`;

/** The command for commander. */
export function docsCommand(): Command {
  return new Command('docs')
    .summary('write the reference, the schema and the READMEs from the sources')
    .description(
      'Write everything that is generated from the sources: the reference pages, the JSON Schema of documents, the ' +
        "page of the SDK, and the tables in the adapters' READMEs.",
    )
    .option('--check', 'only say what is stale')
    .option('--wasm <path>', 'the filter to ask (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(docs);
}

async function docs(flags: DocsFlags, command: Command): Promise<void> {
  // The TypeScript compiler is loaded for this command only.
  const { generate } = await import('../../docs/generate.ts');
  const { staleOutputs, writeOutputs } = await import('../../docs/write.ts');
  const program = command.parent ?? command;
  const { generateForAuthor } = await import('../../docs/author.ts');
  const { root, prefix } = findWorkspace();
  const wasm = filterPath(flags.wasm);
  const outputs = await (prefix === ''
    ? generate({ root, wasm, program })
    : generateForAuthor({ library: ROOT, root, wasm }));
  if (flags.check !== true) {
    const written = writeOutputs(outputs, root);
    createLog().info(
      `${outputs.length - written.length} of ${outputs.length} files are as they were`,
    );
    if (written.length > 0) print(written.join('\n'));
    return;
  }
  const stale = staleOutputs(outputs, root);
  if (stale.length > 0)
    throw new FilesWrong(`stale, write them with \`mixer docs\`: ${stale.join(', ')}`);
}
