// The JSON Schema (draft 2020-12) of the whole document, from the table of its fields and the adapters' declarations.
// It is for editors and pipelines; what it cannot say (names that must exist, types of expressions) `mixer check` says.

import type { AdapterEntry } from '../tables/adapters.ts';
import {
  ROOT_OBJECT,
  instanceParams,
  objectNamed,
  type DocumentObject,
} from '../tables/document.ts';
import type { OwnTemplateEntry } from '../tables/own-template.ts';
import type { SharedTables } from '../tables/rows.ts';
import { documentObjects } from '../tables/document.ts';
import { fieldSchema } from './field.ts';
import { paramsSchema } from './params.ts';
import { strictObject, type Schema } from './object.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const TITLE = 'A configuration document of Mixer-in-Proxy';

/** The schema of documents for a filter with these adapters. */
export function documentSchema(tables: SharedTables, adapters: readonly AdapterEntry[]): Schema {
  const objects = documentObjects(tables);
  const templates = tables.templates().map(({ name }) => name);
  const own = adapters.flatMap(({ ownTemplate }) => ownTemplate ?? []);
  const plain = objects.filter(({ name }) => !['handler', 'instance', ROOT_OBJECT].includes(name));
  const root = objectSchema(objectNamed(objects, ROOT_OBJECT));
  return {
    $schema: DIALECT,
    $id: 'mixer.schema.json',
    title: TITLE,
    ...root,
    $defs: {
      ...Object.fromEntries(plain.map((object) => [object.name, objectSchema(object)])),
      handler: handlerSchema(objectNamed(objects, 'handler'), adapters, false),
      inlineHandler: handlerSchema(objectNamed(objects, 'handler'), adapters, true),
      instance: instanceSchema(objects, templates, own, false),
      inlineInstance: instanceSchema(objects, templates, own, true),
      ...Object.fromEntries(
        adapters.map(({ name, params }) => [`adapter.${name}`, paramsSchema(params)]),
      ),
      ...Object.fromEntries(own.map((each) => [`template.${each.name}`, ownTemplateSchema(each)])),
    },
  };
}

function objectSchema(object: DocumentObject): Schema {
  const isInAction = object.name === 'action';
  return strictObject(
    object.text,
    object.fields.map((field) => ({
      name: field.name,
      isRequired: field.isRequired,
      schema: fieldSchema(field, isInAction),
    })),
  );
}

/** A handler; its params are those of its adapter. Written in an action it needs no name. */
function handlerSchema(
  object: DocumentObject,
  adapters: readonly AdapterEntry[],
  isInline: boolean,
): Schema {
  const fields = object.fields.map((field) => {
    const isChoice = field.name === 'adapter';
    const choice = {
      description: field.text,
      oneOf: adapters.map(({ name, text }) => ({ const: name, description: text })),
    };
    return {
      name: field.name,
      isRequired: field.isRequired && !(isInline && field.name === 'name'),
      schema: isChoice ? choice : fieldSchema(field, false),
    };
  });
  const branches = adapters.map(({ name, params }) => {
    const needsParams = params.params.some(({ isRequired }) => isRequired);
    const reference = { $ref: `#/$defs/adapter.${name}` };
    const then = {
      properties: { params: needsParams ? reference : { anyOf: [reference, { type: 'null' }] } },
      ...(needsParams && { required: ['params'] }),
    };
    return { if: { properties: { adapter: { const: name } }, required: ['adapter'] }, then };
  });
  return { ...strictObject(object.text, fields), allOf: branches };
}

/** An instance; its params are those of its template. Written in an action both may be left out. */
function instanceSchema(
  objects: readonly DocumentObject[],
  templates: readonly string[],
  own: readonly OwnTemplateEntry[],
  isInline: boolean,
): Schema {
  const object = objectNamed(objects, 'instance');
  const fields = object.fields.map((field) => ({
    name: field.name,
    isRequired: field.isRequired && !isInline,
    schema:
      field.name === 'template' && own.length > 0
        ? { description: field.text, enum: [...templates, ...own.map(({ name }) => name)] }
        : fieldSchema(field, false),
  }));
  const branches = templates.map((template) => {
    const params = instanceParams(objects, template);
    const needsParams = params?.fields.some(({ isRequired }) => isRequired) === true;
    const reference =
      params === undefined
        ? { description: 'This template has no fields.', type: 'object', maxProperties: 0 }
        : { $ref: `#/$defs/${params.name}` };
    return templateBranch(template, reference, needsParams);
  });
  const ownBranches = own.map(({ name, fields: all }) =>
    templateBranch(
      name,
      { $ref: `#/$defs/template.${name}` },
      all.some(({ isRequired }) => isRequired),
    ),
  );
  return { ...strictObject(object.text, fields), allOf: [...branches, ...ownBranches] };
}

/** What params are where the template is this one. */
function templateBranch(template: string, reference: Schema, needsParams: boolean): Schema {
  const then = {
    properties: { params: needsParams ? reference : { anyOf: [reference, { type: 'null' }] } },
    ...(needsParams && { required: ['params'] }),
  };
  return { if: { properties: { template: { const: template } }, required: ['template'] }, then };
}

/** The params of a template that an adapter brings itself: one expression for each field. */
function ownTemplateSchema({ text, fields }: OwnTemplateEntry): Schema {
  return strictObject(
    text,
    fields.map(({ name, type, text: meaning, isRequired }) => ({
      name,
      isRequired,
      schema: fieldSchema(
        {
          name,
          text: meaning,
          isRequired,
          fallback: '',
          type: { kind: 'expression', result: type },
        },
        false,
      ),
    })),
  );
}
