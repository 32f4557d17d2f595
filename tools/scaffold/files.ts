// The five files of a new adapter as texts, and what editors need beside them. Writes nothing.

import type { Sketch } from './sketch.ts';

export interface ScaffoldFile {
  readonly name: string;
  readonly text: string;
}

export interface Scaffold {
  /** Name in a document: `ip-reputation`. */
  readonly name: string;
  /** The SDK as the files import it. */
  readonly sdk: string;
  readonly sketch: Sketch;
}

const VALUE_COLUMNS_MAX = 100;

/** What each template is called in the enumeration of the SDK. */
const TEMPLATES: Readonly<Record<string, string>> = {
  checknothing: 'CheckNothing',
  listentry: 'ListEntry',
  quota: 'Quota',
  metric: 'Metric',
  logentry: 'LogEntry',
  reportnothing: 'ReportNothing',
};

/** `ip-reputation` → `IpReputation`. */
export function className(name: string): string {
  return name
    .split('-')
    .map((word) => (word[0] ?? '').toUpperCase() + word.slice(1))
    .join('');
}

/** adapter.ts, config.ts, handler.ts, cases.yaml, README.md; template.ts where it brings one. */
export function scaffoldFiles(scaffold: Scaffold): ScaffoldFile[] {
  const { templateFile } = scaffold.sketch;
  return [
    ...(templateFile === undefined ? [] : [{ name: 'template.ts', text: templateFile }]),
    { name: 'adapter.ts', text: adapterText(scaffold) },
    { name: 'config.ts', text: configText(scaffold) },
    { name: 'handler.ts', text: handlerText(scaffold) },
    { name: 'cases.yaml', text: casesText(scaffold) },
    { name: 'README.md', text: readmeText(scaffold) },
  ].map(({ name, text }) => ({ name, text: named(text, scaffold) }));
}

/** A sketch's own texts cannot know what the adapter will be called. */
function named(text: string, { name, sdk, sketch }: Scaffold): string {
  if (sketch.templateFile === undefined) return text;
  return text
    .replaceAll(/\bSDK\b/g, sdk)
    .replaceAll(/\bNAME\b/g, name)
    .replaceAll(/\bTYPE(?=Field|Template)/g, className(name));
}

/** What an editor reads in a project of one's own: without it AssemblyScript looks like TypeScript full of mistakes. */
export const EDITOR_FILE: ScaffoldFile = {
  name: 'tsconfig.json',
  text: `{
  "extends": "../node_modules/mixer-in-proxy/assembly/tsconfig.json",
  "include": ["./**/*.ts"],
  "exclude": []
}
`,
};

function adapterText({ name, sdk, sketch }: Scaffold): string {
  const type = className(name);
  const hasOwn = sketch.templateFile !== undefined;
  const names = [
    'Adapter',
    'BuildContext',
    'Handler',
    'Params',
    'Template',
    ...sketch.adapterImports,
  ];
  return `// ${name}: names, standard instance, and how a handler is made of parameters.

${importText(names, sdk)}
import { ${type}Params } from "./config";
import { ${type}Handler } from "./handler";
${hasOwn ? `import { ${type}Template } from "./template";\n` : ''}
/** ${sentence(sketch.does)} */
export class ${type} extends Adapter {
  get name(): string {
    return "${name}";
  }

  get serves(): u32 {
    return Template.${TEMPLATES[sketch.template] ?? 'None'};
  }
${
  hasOwn
    ? `
  get ownTemplate(): OwnTemplate | null {
    return new ${type}Template();
  }
`
    : ''
}
  params(): Params {
    return new ${type}Params();
  }

  standardInstances(params: Params): string {
${returnText(sketch.standard)}
  }

  build(params: Params, context: BuildContext): Handler | null {
    const own = params as ${type}Params;
    return new ${type}Handler(${sketch.argument});
  }
}
`;
}

function configText({ name, sdk, sketch }: Scaffold): string {
  return `// Parameters of ${name}. Defaults, bounds and these comments are where the documentation and the
// JSON Schema come from. Cold: read while a document is loaded.

${importText([sketch.field, 'Params'], sdk)}

/** Parameters of the adapter \`${name}\`. */
export class ${className(name)}Params extends Params {
${sketch.param}
}
`;
}

function handlerText({ name, sdk, sketch }: Scaffold): string {
  return `// ${sentence(`${name} ${sketch.does}`)} Hot: allocates nothing managed.

${importText(['Handler', ...sketch.handlerImports], sdk)}
${sketch.templateFile === undefined ? '' : 'import { TYPEFieldNumber } from "./template";\n'}
${sketch.constants === '' ? '' : `${sketch.constants}\n`}/** One configured ${name}. */
export class ${className(name)}Handler extends Handler {
  constructor(private readonly setting: ${sketch.argumentType}) {
    super();
  }

${sketch.method}
}
`;
}

function casesText({ name, sketch }: Scaffold): string {
  return `# What somebody sees of ${name}: requests through a document, and what came of them.
cases:
- name: ${sketch.does}
  document:
    handlers:
    - { name: mine, adapter: ${name}, params: ${sketch.params} }
    rules:
    - { name: all, actions: [ { handler: mine${sketch.instances} } ] }
  requests:
${sketch.requests}
${sketch.expect === '' ? '' : `${sketch.expect}\n`}`;
}

function readmeText({ name, sketch }: Scaffold): string {
  return `# ${name}

## Name

\`${name}\` ${sketch.does}.

## Description

What it is for, and what it does not do.

## Examples

\`\`\`yaml
handlers:
- { name: mine, adapter: ${name}, params: ${sketch.params} }
rules:
- { name: all, actions: [ { handler: mine${sketch.instances} } ] }
\`\`\`

## Failure

What happens when something fails, and what then becomes of the request.

## Configuration

\`mixer docs\` writes the tables below from config.ts and adapter.ts.
`;
}

/** An import on one line where it fits, else one name on each. */
function importText(names: readonly string[], sdk: string): string {
  const sorted = [...names].sort();
  const line = `import { ${sorted.join(', ')} } from "${sdk}";`;
  if (line.length <= VALUE_COLUMNS_MAX) return line;
  return `import {\n${sorted.map((each) => `  ${each},\n`).join('')}} from "${sdk}";`;
}

function returnText(json: string): string {
  const line = `    return '${json}';`;
  if (line.length <= VALUE_COLUMNS_MAX) return line;
  const cut = json.indexOf('"params"');
  return `    return (\n      '${json.slice(0, cut)}' +\n      '${json.slice(cut)}'\n    );`;
}

function sentence(text: string): string {
  return `${(text[0] ?? '').toUpperCase()}${text.slice(1)}.`;
}
