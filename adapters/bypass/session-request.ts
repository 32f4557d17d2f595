// What an adapter is told when a session begins: its configuration, and the types of all instances
// that will come. ValidateRequest and CreateSessionRequest have the same fields. Cold: written
// once, while a document is loaded.

import {
  DimensionSet,
  Region,
  RoutedInstance,
  Slice,
  Template,
  ValueType,
  Writer,
  beginMessage,
  endMessage,
  sizeOf,
  writeBytesField,
  writeTextField,
  writeVarintField,
} from "../../assembly/sdk";

const ADAPTER_CONFIG: u32 = 1;
const INFERRED_TYPES: u32 = 2;
const TYPE_PREFIX = "type.googleapis.com/";
/** Tags, lengths and the name of a type, for one instance or one of its values. */
const ENTRY_SIZE_BYTES: usize = 96;
/** What the protocol's enumeration knows; values of other types travel as texts. */
const TYPE_MAX: u32 = ValueType.StringMap;

/** The request in the configuration's memory; `config` is the serialized Any, empty without one. */
export function writeSessionRequest(
  config: Slice,
  instances: RoutedInstance[],
  region: Region,
): Slice {
  let size = sizeOf(config) + ENTRY_SIZE_BYTES;
  for (let at = 0; at < instances.length; at++) size += roomOf(instances[at]);
  const out = new Writer();
  out.open(region.take(size), size);
  if (sizeOf(config) > 0) writeBytesField(out, ADAPTER_CONFIG, config);
  for (let at = 0; at < instances.length; at++) writeEntry(out, instances[at], region);
  return out.written;
}

function roomOf(instance: RoutedInstance): usize {
  // At most three bytes for a UTF-16 unit.
  let size = ENTRY_SIZE_BYTES + 3 * <usize>instance.name.length;
  size += roomOfSet(instance.dimensions);
  return size + roomOfSet(instance.subject) + roomOfSet(instance.action);
}

function roomOfSet(set: DimensionSet | null): usize {
  if (set === null) return 0;
  let size = ENTRY_SIZE_BYTES;
  for (let at = 0; at < set.count; at++) size += ENTRY_SIZE_BYTES + sizeOf(set.name(at));
  return size;
}

function writeEntry(out: Writer, instance: RoutedInstance, region: Region): void {
  const entry = beginMessage(out, INFERRED_TYPES);
  writeTextField(out, 1, region.text(instance.name));
  const any = beginMessage(out, 2);
  writeTextField(out, 1, region.text(TYPE_PREFIX + packageOf(instance.template) + ".Type"));
  const type = beginMessage(out, 2);
  writeType(out, instance);
  endMessage(out, type);
  endMessage(out, any);
  endMessage(out, entry);
}

function writeType(out: Writer, instance: RoutedInstance): void {
  switch (<u32>instance.template) {
    case Template.ListEntry:
      return writeVarintField(out, 1, typeNumber(instance.valueType));
    case Template.Quota:
    case Template.LogEntry:
      return writeTypes(out, 1, instance.dimensions);
    case Template.Metric:
      writeVarintField(out, 1, typeNumber(instance.valueType));
      return writeTypes(out, 2, instance.dimensions);
    case Template.Authorization: {
      const subject = beginMessage(out, 1);
      writeTypes(out, 3, instance.subject);
      endMessage(out, subject);
      const action = beginMessage(out, 2);
      writeTypes(out, 5, instance.action);
      return endMessage(out, action);
    }
    default:
  }
}

function writeTypes(out: Writer, field: u32, set: DimensionSet | null): void {
  if (set === null) return;
  for (let at = 0; at < set.count; at++) {
    const entry = beginMessage(out, field);
    writeTextField(out, 1, set.name(at));
    writeVarintField(out, 2, typeNumber(set.type(at)));
    endMessage(out, entry);
  }
}

function typeNumber(type: ValueType): u64 {
  return <u32>type > TYPE_MAX ? <u64>ValueType.String : <u64>type;
}

function packageOf(template: Template): string {
  switch (<u32>template) {
    case Template.ListEntry:
      return "listentry";
    case Template.Quota:
      return "quota";
    case Template.Metric:
      return "metric";
    case Template.LogEntry:
      return "logentry";
    case Template.ReportNothing:
      return "reportnothing";
    case Template.Authorization:
      return "authorization";
    case Template.ApiKey:
      return "apikey";
    default:
      return "checknothing";
  }
}
