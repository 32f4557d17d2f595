// Finds suites and the documents that they are run with. A suite is a file `*tests.textpb`, `*tests*.yaml` of the same
// shape, or one entry of a JSON file that holds many; its sample is the folder that it stands in.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { DocumentFile, UnreadableFile } from '../document/document.ts';
import { suiteOf, type TestSuite } from './suite.ts';
import { parseTextFormat } from './text-format.ts';
import { SuiteProblem, treeOf } from './tree.ts';

/** One suite, with where it stands. */
export interface Sample {
  /** `add_request_header`. */
  readonly name: string;
  /** `add_request_header/tests.textpb`. */
  readonly title: string;
  /** Where files that the suite names are. */
  readonly folder: string;
  readonly suite: TestSuite;
}

const SUITE_FILE = /^(?:.*_)?tests(?:_.*)?\.textpb$/;

/** All suites of a path: a file, or every `tests.textpb` below a folder. Throws SuiteProblem for a wrong one. */
export function samplesAt(path: string, isAsked = true): Sample[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UnreadableFile(path, 'no such file or folder');
  if (stat.isDirectory())
    return readdirSync(path, { withFileTypes: true })
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .flatMap((entry) => {
        const isWanted = entry.isDirectory() || SUITE_FILE.test(entry.name);
        return isWanted ? samplesAt(join(path, entry.name), false) : [];
      });
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return samplesOfJson(objectOf(text, path), dirname(path));
  const full = resolve(path);
  const title = `${basename(dirname(full))}/${basename(full)}`;
  const tree = /\.ya?ml$/.test(path) ? treeOf(objectOf(text, path)) : parseTextFormat(text, path);
  // Beside suites stand configurations in the same format; a suite is what holds tests.
  if (!isAsked && !tree.fields.some(({ name }) => name === 'test')) return [];
  return [sampleOf(title, dirname(full), suiteOf(tree, path))];
}

// JSON is YAML as well.
function objectOf(text: string, path: string): object {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new SuiteProblem(`${path}: ${(error as Error).message}`, { cause: error });
  }
  if (typeof content === 'object' && content !== null) return content;
  throw new SuiteProblem(
    `${path}: expected a suite, found ${content === null ? 'nothing' : typeof content}`,
  );
}

/** The suites of an object whose keys are `sample/tests.textpb`; keys that begin with `_` are not the suite's. */
export function samplesOfJson(content: object, folder: string): Sample[] {
  return Object.entries(content).map(([title, suite]: [string, unknown]) => {
    if (typeof suite !== 'object' || suite === null)
      throw new SuiteProblem(`${title}: expected a suite, found ${typeof suite}`);
    const fields = Object.entries(suite).filter(([name]) => !name.startsWith('_'));
    const tree = treeOf(Object.fromEntries(fields));
    return sampleOf(title, join(folder, dirname(title)), suiteOf(tree, title));
  });
}

function sampleOf(title: string, folder: string, suite: TestSuite): Sample {
  return { name: title.slice(0, title.indexOf('/')), title, folder, suite };
}

/** Documents by sample: `FOLDER/SAMPLE/mixer.yaml`, and what no document can say. */
export class Documents {
  readonly #folder: string | null;
  readonly #reasons: Readonly<Record<string, string | Readonly<Record<string, string>>>>;

  /** null: documents stand beside the suites. */
  constructor(folder: string | null) {
    this.#folder = folder;
    const path = folder === null ? '' : join(folder, 'not-expressible.yaml');
    this.#reasons = existsSync(path)
      ? (parse(readFileSync(path, 'utf8')) as Record<string, string | Record<string, string>>)
      : {};
  }

  /** The document as JSON, for this suite or for its sample; or why there is none. */
  documentFor(sample: Sample): { readonly json: string } | { readonly reason: string } {
    const folder = this.#folder === null ? sample.folder : join(this.#folder, sample.name);
    const suite = basename(sample.title).replace(/\.\w+$/, '');
    const path = [`${suite}.mixer.yaml`, 'mixer.yaml']
      .map((name) => join(folder, name))
      .find((candidate) => existsSync(candidate));
    if (path !== undefined) return { json: DocumentFile.read(path).json };
    const reason = this.#reasons[sample.name];
    return {
      reason:
        typeof reason === 'string'
          ? `cannot be expressed: ${reason}`
          : `no ${join(folder, 'mixer.yaml')}`,
    };
  }

  /** Why one test of a sample that has a document cannot pass; undefined: it can. */
  reasonFor(sample: Sample, test: string): string | undefined {
    const reasons = this.#reasons[sample.name];
    return typeof reasons === 'object' ? reasons[test] : undefined;
  }
}

/** Reads what a suite names, relative to it, as a binary string. */
export function readerOf({ folder }: Sample): (path: string) => string {
  return (path) => {
    const full = resolve(folder, path);
    if (!existsSync(full)) throw new SuiteProblem(`${full}: no such file`);
    return readFileSync(full).toString('latin1');
  };
}
