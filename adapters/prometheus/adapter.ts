// The prometheus adapter: names, standard instances, labels and buckets for `render`, the handler.

import {
  Adapter,
  BuildContext,
  Handler,
  Params,
  REPORT_EVENTS_ALL,
  Template,
} from "../../assembly/sdk";
import { boundsText } from "./bounds";
import { buildHandler } from "./build";
import { PrometheusParams } from "./config";
import { DefinitionList } from "./definitions";
import { standardMetric } from "./standard";
import { standardInstancesText } from "./standard-instances";

/** Counts, sets and distributes values in Envoy's own metrics, which Prometheus scrapes. */
export class Prometheus extends Adapter {
  get name(): string {
    return "prometheus";
  }

  get serves(): u32 {
    return Template.Metric;
  }

  params(): Params {
    return new PrometheusParams();
  }

  standardInstances(params: Params): string {
    return standardInstancesText();
  }

  /** An instance with a standard name is a standard metric, also where the document changes it. */
  reportEvents(instance: string, isStandard: bool): u32 {
    const standard = standardMetric(instance);
    return standard === null ? REPORT_EVENTS_ALL : standard.events;
  }

  /** Every label name of the handler's metrics. */
  labels(params: Params, context: BuildContext): string[] {
    const definitions = definitionsOf(params, context).all;
    let labels: string[] = [];
    for (let at = 0; at < definitions.length; at++) labels = labels.concat(definitions[at].labels);
    return labels;
  }

  /**
   * Bounds of buckets by metric name as a JSON object, for Envoy's histogram_bucket_settings;
   * metrics that are left out have Envoy's own.
   */
  buckets(params: Params, context: BuildContext): string {
    const definitions = definitionsOf(params, context).all;
    const members: string[] = [];
    for (let at = 0; at < definitions.length; at++) {
      const definition = definitions[at];
      if (definition.bounds.length > 0) {
        members.push(boundsText(definition.name, definition.bounds));
      }
    }
    return "{" + members.join(",") + "}";
  }

  build(params: Params, context: BuildContext): Handler | null {
    const definitions = definitionsOf(params, context).all;
    return context.report.failed ? null : buildHandler(definitions, context);
  }
}

function definitionsOf(params: Params, context: BuildContext): DefinitionList {
  const prometheus = params as PrometheusParams;
  const list = new DefinitionList(prometheus, context.instances, context.report);
  list.build();
  return list;
}
