// Lint for the two dialects: AssemblyScript (parsed, not type-checked: tsc -p assembly does that) and the tools' TypeScript.
// Lengths and layers are held by test/tidy, which also knows the exemptions.

import tseslint from 'typescript-eslint';

/** @type {import('eslint').Linter.RulesRecord} */
const SHAPE = {
  'max-depth': ['error', 3],
  complexity: ['error', { max: 15, variant: 'modified' }],
  'no-unreachable': 'error',
  'prefer-const': 'error',
  'no-var': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
};
const ASSEMBLYSCRIPT = [
  'assembly/**/*.ts',
  'adapters/**/*.ts',
  'test/adapters/**/*.ts',
  'test/**/fixtures/**/*.ts',
  'test/**/probe.ts',
];
const NODE_TEST = {
  from: 'package',
  package: 'node:test',
  name: ['describe', 'it', 'test', 'before', 'after'],
};

export default tseslint.config(
  {
    ignores: [
      'build',
      'dist',
      'node_modules',
      '.cache',
      'assembly/**/*.spec.ts',
      'adapters/**/*.spec.ts',
    ],
  },
  {
    files: ASSEMBLYSCRIPT,
    // AssemblyScript has decorators where TypeScript allows none; the parser must not stop at them.
    languageOptions: { parser: tseslint.parser, parserOptions: { allowInvalidAST: true } },
    rules: { ...SHAPE, complexity: ['error', { max: 22, variant: 'modified' }] },
  },
  // One loop over all instructions: splitting it would cost a call for each.
  {
    files: ['assembly/expression/evaluator.ts'],
    rules: { complexity: 'off', 'max-depth': ['error', 4] },
  },
  {
    files: ['tools/**/*.ts', 'test/**/*.ts'],
    ignores: ASSEMBLYSCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...SHAPE,
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [NODE_TEST] }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
    },
  },
);
