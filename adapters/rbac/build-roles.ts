// Roles and bindings become rules by Mixer's own semantics: a request is allowed when it matches an
// access rule of a role of its namespace and a subject of one of the role's bindings. Cold.

import { BuildContext, DiagnosticCode, Node, TextListField } from "../../assembly/sdk";
import { RbacParams } from "./config";
import { FactTable } from "./fact-table";
import {
  ACTION_PREFIX,
  GROUP_KEY,
  NAMESPACE_KEY,
  ROLE_METHOD_KEY,
  ROLE_PATH_KEY,
  SERVICE_KEY,
  SUBJECT_PREFIX,
  USER_KEY,
} from "./keys";
import { Pattern, PatternBuilder } from "./pattern-builder";
import { PatternKind } from "./pattern-set";
import { PolicyAction } from "./policy-action";
import { makePolicy } from "./policy-labels";
import {
  AccessParams,
  BindingParams,
  RbacMode,
  RoleParams,
  SubjectParams,
  TargetParams,
} from "./role-config";
import { Condition, Conjunction, Policy, Rule } from "./rule";
import { Draft, DraftCondition } from "./rule-index";

const PERMISSIVE = 1;

/** Makes every fact that roles and bindings need. */
export function collectRoleFacts(params: RbacParams, facts: FactTable): void {
  const keys = [SERVICE_KEY, NAMESPACE_KEY, ROLE_METHOD_KEY, ROLE_PATH_KEY, USER_KEY, GROUP_KEY];
  for (let at = 0; at < keys.length; at++) facts.take(keys[at]);
  const roles = params.roles.value;
  for (let at = 0; at < roles.length; at++) {
    const rules = roles[at].rules.value;
    for (let rule = 0; rule < rules.length; rule++) {
      const constraints = rules[rule].constraints.value;
      for (let index = 0; index < constraints.length; index++) {
        facts.take(ACTION_PREFIX + constraints[index].key.value);
      }
    }
  }
  const bindings = params.bindings.value;
  for (let at = 0; at < bindings.length; at++) {
    const subjects = bindings[at].subjects.value;
    for (let index = 0; index < subjects.length; index++) {
      const names = subjects[index].properties.value.keys;
      for (let name = 0; name < names.length; name++) facts.take(SUBJECT_PREFIX + names[name]);
    }
  }
}

/** Builds the rules of roles. */
export class RoleBuilder {
  readonly drafts: Draft[] = [];
  readonly policies: Policy[] = [];
  private draft: Draft = new Draft();

  constructor(
    private readonly context: BuildContext,
    private readonly facts: FactTable,
  ) {}

  /** Builds everything; wrong references are reported. */
  build(params: RbacParams): void {
    const mode = <RbacMode>params.mode.value;
    if (mode != RbacMode.On) this.addMode(params, mode);
    const roles = params.roles.value;
    for (let at = 0; at < roles.length; at++) {
      this.addRole(roles[at], params.bindings.value, false);
      this.addRole(roles[at], params.bindings.value, true);
    }
    this.checkBindings(params);
  }

  private addRole(role: RoleParams, bindings: BindingParams[], isDryRun: bool): void {
    const subjects: SubjectParams[] = [];
    for (let at = 0; at < bindings.length; at++) {
      const binding = bindings[at];
      if ((binding.mode.value == PERMISSIVE) != isDryRun || !isOf(binding, role)) continue;
      const own = binding.subjects.value;
      for (let index = 0; index < own.length; index++) subjects.push(own[index]);
    }
    const rules = role.rules.value;
    if (subjects.length == 0 || rules.length == 0) return;
    const name = role.namespace.value + "/" + role.name.value;
    const policy = makePolicy(name, PolicyAction.Allow, isDryRun, this.context);
    this.policies.push(policy);
    this.draft = new Draft();
    const sources: Conjunction[] = [];
    for (let at = 0; at < subjects.length; at++) this.addSubject(subjects[at], sources);
    const operations: Conjunction[] = [];
    for (let at = 0; at < rules.length; at++) operations.push(this.access(rules[at]));
    if (sources.length == 0) return;
    const namespace = [new Pattern(PatternKind.Exact, this.text(role.namespace.value))];
    const when = new Conjunction([this.condition(NAMESPACE_KEY, namespace, this.draft.when)]);
    this.finish(policy, sources, operations, when);
  }

  private finish(
    policy: Policy,
    sources: Conjunction[],
    operations: Conjunction[],
    when: Conjunction,
  ): void {
    const all = StaticArray.fromArray(sources);
    this.draft.rule = new Rule(policy, all, StaticArray.fromArray(operations), when);
    this.drafts.push(this.draft);
  }

  // User and group that are given must both match; properties count only where neither is given.
  private addSubject(subject: SubjectParams, sources: Conjunction[]): void {
    const kept: DraftCondition[] = [];
    const all: Condition[] = [];
    const user = subject.user.value;
    const group = subject.group.value;
    if (user.length > 0) all.push(this.condition(USER_KEY, this.exactOrAny(user), kept));
    if (group.length > 0) all.push(this.condition(GROUP_KEY, this.exactOrAny(group), kept));
    const properties = subject.properties.value;
    for (let at = 0; at < properties.size && user.length + group.length == 0; at++) {
      const value = [new Pattern(PatternKind.Exact, this.text(properties.values[at]))];
      all.push(this.condition(SUBJECT_PREFIX + properties.keys[at], value, kept));
    }
    if (all.length == 0) return;
    this.draft.sources.push(kept);
    sources.push(new Conjunction(StaticArray.fromArray(all)));
  }

  private access(rule: AccessParams): Conjunction {
    const kept = this.draft.addOperation();
    const all: Condition[] = [];
    all.push(this.condition(SERVICE_KEY, this.patterns(rule.services), kept));
    all.push(this.condition(ROLE_METHOD_KEY, this.patterns(rule.methods), kept));
    const anyPath = [new Pattern(PatternKind.NonEmpty, this.text(""))];
    const hasPaths = rule.paths.value.length > 0;
    all.push(this.condition(ROLE_PATH_KEY, hasPaths ? this.patterns(rule.paths) : anyPath, kept));
    const constraints = rule.constraints.value;
    for (let at = 0; at < constraints.length; at++) {
      const key = ACTION_PREFIX + constraints[at].key.value;
      all.push(this.condition(key, this.patterns(constraints[at].values), kept));
    }
    return new Conjunction(StaticArray.fromArray(all));
  }

  // OFF allows everything; the others what roles are not asked for.
  private addMode(params: RbacParams, mode: RbacMode): void {
    const policy = makePolicy("mode", PolicyAction.Allow, false, this.context);
    this.policies.push(policy);
    if (mode == RbacMode.OnWithInclusion) {
      this.addTargets(policy, this.targets(params.inclusion.value, true));
    } else if (mode == RbacMode.OnWithExclusion) {
      const each = this.targets(params.exclusion.value, false);
      for (let at = 0; at < each.length; at++) this.addTargets(policy, [each[at]]);
    } else {
      this.addTargets(policy, []);
    }
  }

  private addTargets(policy: Policy, conditions: Condition[]): void {
    this.draft = new Draft();
    const always = [new Conjunction(new StaticArray<Condition>(0))];
    const when = new Conjunction(StaticArray.fromArray(conditions));
    this.finish(policy, always, always, when);
  }

  private targets(params: TargetParams, isNegated: bool): Condition[] {
    const all: Condition[] = [];
    this.addTarget(SERVICE_KEY, params.services, isNegated, all);
    this.addTarget(NAMESPACE_KEY, params.namespaces, isNegated, all);
    return all;
  }

  // What is not known is in no list, and must not pass for that.
  private addTarget(key: string, list: TextListField, isNegated: bool, all: Condition[]): void {
    const set = new PatternBuilder();
    const patterns = this.patterns(list);
    for (let at = 0; at < patterns.length; at++) set.add(patterns[at]);
    const fact = this.facts.take(key);
    all.push(new Condition(fact, set.finish(this.context.region), isNegated));
    if (!isNegated) return;
    const known = new PatternBuilder();
    known.add(new Pattern(PatternKind.NonEmpty, this.text("")));
    all.push(new Condition(fact, known.finish(this.context.region), false));
  }

  private condition(key: string, patterns: Pattern[], kept: DraftCondition[]): Condition {
    const builder = new PatternBuilder();
    for (let at = 0; at < patterns.length; at++) builder.add(patterns[at]);
    const fact = this.facts.take(key);
    kept.push(new DraftCondition(fact, patterns));
    return new Condition(fact, builder.finish(this.context.region), false);
  }

  private text(value: string): u64 {
    return this.context.region.text(value);
  }

  private exactOrAny(value: string): Pattern[] {
    const kind = value == "*" ? PatternKind.Any : PatternKind.Exact;
    return [new Pattern(kind, this.text(value == "*" ? "" : value))];
  }

  // Mixer compares a value in every way that it can be read.
  private patterns(list: TextListField): Pattern[] {
    const all: Pattern[] = [];
    const values = list.value;
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      const last = value.length - 1;
      if (value == "*") {
        all.push(new Pattern(PatternKind.Any, this.text("")));
        continue;
      }
      all.push(new Pattern(PatternKind.Exact, this.text(value)));
      if (value.endsWith("*")) {
        all.push(new Pattern(PatternKind.Prefix, this.text(value.substring(0, last))));
      }
      if (value.startsWith("*")) {
        all.push(new Pattern(PatternKind.Suffix, this.text(value.substring(1))));
      }
    }
    return all;
  }

  private checkBindings(params: RbacParams): void {
    const bindings = params.bindings.value;
    const roles = params.roles.value;
    for (let at = 0; at < bindings.length; at++) {
      let isFound = false;
      for (let role = 0; role < roles.length; role++) {
        if (isOf(bindings[at], roles[role])) isFound = true;
      }
      const name = bindings[at].roleRef.value.name;
      if (isFound || !name.isSet) continue;
      const expected = "a role of namespace " + bindings[at].namespace.value;
      const code = DiagnosticCode.UnknownRole;
      this.context.report.error(code, name.place(), name.value, expected);
    }
  }
}

function isOf(binding: BindingParams, role: RoleParams): bool {
  return (
    binding.roleRef.value.name.value == role.name.value &&
    binding.namespace.value == role.namespace.value
  );
}
