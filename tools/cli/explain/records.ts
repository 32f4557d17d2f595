// What the probe answers, as it writes it (assembly/runtime/explain.ts).

import type { Diagnostic } from '../../host/describe.ts';

/** Where an expression runs; `any`: wherever what it reads can be read. */
export type PhaseName = 'any' | 'request' | 'response' | 'log';

/** Languages of expressions, as documents name them. */
export const LANGUAGE_NAMES = ['CEXL', 'CEL'] as const;
export type LanguageName = (typeof LANGUAGE_NAMES)[number];

/** One node of an expression; offsets are bytes of its UTF-8 text. */
export interface TreeRecord {
  readonly kind: 'constant' | 'attribute' | 'element' | 'operator' | 'function' | 'variable';
  /** An attribute's or function's name, or the constant as written. */
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly operands?: readonly TreeRecord[];
  /** One of these where the part was evaluated. */
  readonly value?: string;
  readonly error?: string;
  readonly absent?: true;
}

export interface AttributeRecord {
  readonly name: string;
  readonly type: string;
  readonly source: string;
  /** The host call that the first read costs; "" for none. Attributes with the same answer share one. */
  readonly call: string;
  readonly phases: readonly string[];
  /** The literal that stands for an absent value; "" for none. */
  readonly fallback: string;
  /** Without it the evaluation fails. */
  readonly required: boolean;
  readonly reads: readonly string[];
}

export interface ExpressionRecord {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The rest is there for an expression that compiles. */
  readonly type?: string;
  readonly tree?: TreeRecord;
  readonly program?: string;
  readonly steps?: number;
  readonly stack?: number;
  readonly indexed?: boolean;
  readonly attributes?: readonly AttributeRecord[];
}

export interface ReferenceRecord {
  readonly name: string;
  readonly key?: string;
  readonly present: boolean;
}

export interface EvaluationRecord {
  readonly type: string;
  readonly tree: TreeRecord;
  readonly references: readonly ReferenceRecord[];
  /** Where the part stands that failed, in bytes; equal where none did. */
  readonly errorStart: number;
  readonly errorEnd: number;
}

export type Side = 'enforced' | 'shadow';

export interface ActionRecord {
  readonly handler: string;
  readonly instance: string;
  readonly shadow: boolean;
  /** On which side of its own `rollout` the request is. */
  readonly side?: Side;
  readonly value?: string;
  readonly outcome?: 'allowed' | 'denied' | 'failed' | 'asks a backend';
  readonly code?: string;
  readonly message?: string;
}

export interface RuleRecord {
  readonly name: string;
  readonly applies: boolean | 'error';
  readonly shadow: boolean;
  /** On which side of its `rollout` the request is. */
  readonly side?: Side;
  readonly atRequest: boolean;
  readonly deniesOnError: boolean;
  readonly match?: TreeRecord;
  readonly unless?: TreeRecord;
  readonly checks: readonly ActionRecord[];
  readonly quotas: readonly ActionRecord[];
  readonly reports: readonly ActionRecord[];
}
