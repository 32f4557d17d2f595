// Opens quota adapters to the tests of test/quota: a handler is built from parameters in JSON, its
// dimensions are set by hand, and each charge says what was granted. Not shipped.

import { readDocument } from "../../assembly/config/document";
import { Node } from "../../assembly/config/node";
import { resetArena } from "../../assembly/memory/arena";
import { Program } from "../../assembly/expression/program";
import { ABSENT, slice, startOf } from "../../assembly/memory/slice";
import { takePages } from "../../assembly/memory/pages";
import { Region } from "../../assembly/memory/region";
import { Writer } from "../../assembly/memory/writer";
import { setDouble, setInt, setText, setTimestamp } from "../../assembly/attribute/value";
import { Report } from "../../assembly/diagnostic/report";
import { Template } from "../../assembly/shared/templates";
import { ValueType } from "../../assembly/shared/types";
import { Adapter, BuildContext, RoutedInstance } from "../../assembly/template/adapter";
import { DIMENSION_SIZE_BYTES, DimensionSet } from "../../assembly/template/dimension-set";
import { Handler } from "../../assembly/template/handler";
import { Grant, Quota } from "../../assembly/template/instances";
import { Memquota } from "../../adapters/memquota/adapter";
import { Redisquota } from "../../adapters/redisquota/adapter";
import { POOL_SIZE_BYTES, PrefetchPool } from "../../adapters/redisquota/prefetch-pool";
import { RollingWindow } from "../../adapters/memquota/rolling-window";
import { Bucket, Charged } from "../../assembly/template/quota/bucket";
import { Terms } from "../../assembly/template/quota/window";
import { allocateForHost } from "../../assembly/abi/inbox";

export { abort } from "../../assembly/abi/abort";

const AREA_SIZE_BYTES: usize = 1_048_576;
const area: usize = takePages(AREA_SIZE_BYTES);
const quota = new Quota();
const grant = new Grant();
const memquota = new Memquota();
const redisquota = new Redisquota();
let region = new Region();
let handler: Handler | null = null;
let instances: RoutedInstance[] = [];
let texts: string = "";

/** Where the test writes texts. */
export function areaStart(): usize {
  return area;
}

/** The host's allocations. */
export function proxy_on_memory_allocate(size: usize): usize {
  return allocateForHost(size);
}

/**
 * Builds a handler of `{ adapter, plugin, handler, params, instances }`; an instance is a name with
 * the types of its dimensions, in ascending order. Returns the size of the diagnostics in the area.
 */
export function configure(size: usize): usize {
  resetArena();
  region = new Region();
  const report = new Report("test", ABSENT);
  const document = readDocument(slice(area, size), region, report)!;
  instances = [];
  const listed = document.find("instances")!.items;
  for (let index = 0; index < listed.length; index++) {
    instances.push(routed(listed[index], index));
  }
  const given = document.find("adapter");
  const isRedis = given !== null && given.string() == redisquota.name;
  const adapter: Adapter = isRedis
    ? changetype<Adapter>(redisquota)
    : changetype<Adapter>(memquota);
  const params = adapter.params();
  params.read(document.find("params"), report);
  const context = new BuildContext(
    document.find("handler")!.string(),
    document.find("plugin")!.string(),
    report,
    region,
    instances,
    document.place(),
  );
  texts = adapter.standardInstances(params);
  if (!report.failed) handler = adapter.build(params, context);
  return write(report.failed ? report.texts().join("\n") : "");
}

/** The standard instances of the parameters read last. */
export function standardInstances(): usize {
  return write(texts);
}

function routed(node: Node, number: i32): RoutedInstance {
  const dimensions = node.find("dimensions");
  const name = node.find("name")!;
  return new RoutedInstance(
    number,
    name.string(),
    Template.Quota,
    dimensions === null ? null : dimensionSet(dimensions),
    ValueType.Unspecified,
    name.place(),
  );
}

function dimensionSet(node: Node): DimensionSet {
  const count = node.keys.length;
  const names = region.take((<usize>count + 1) << 3);
  const programs = new StaticArray<Program>(count);
  for (let index = 0; index < count; index++) {
    store<u64>(names + ((<usize>index) << 3), region.text(node.keys[index]));
    programs[index] = new Program(<ValueType>(<i32>node.values[index].double));
  }
  const cells = region.take((<usize>count + 1) * DIMENSION_SIZE_BYTES);
  return new DimensionSet(count, names, cells, programs);
}

function write(text: string): usize {
  const size = <usize>String.UTF8.byteLength(text);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, area);
  return size;
}

function cell(instance: i32, position: i32): usize {
  return instances[instance].dimensions!.cell(position);
}

/** Sets a dimension whose payload is bytes, which stand in the area. */
export function setBytes(instance: i32, position: i32, type: i32, size: usize): void {
  const bytes = region.copy(area, size);
  setText(cell(instance, position), <ValueType>type, bytes);
}

/** Sets a dimension whose payload is an integer. */
export function setInteger(instance: i32, position: i32, type: i32, value: i64): void {
  setInt(cell(instance, position), <ValueType>type, value);
}

/** Sets a DOUBLE. */
export function setNumber(instance: i32, position: i32, value: f64): void {
  setDouble(cell(instance, position), value);
}

/** Sets a TIMESTAMP. */
export function setTime(instance: i32, position: i32, seconds: i64, nanos: u32): void {
  setTimestamp(cell(instance, position), seconds, nanos);
}

/** Charges; the deduplication id of `idSize` bytes stands in the area. Returns what was granted. */
export function charge(instance: i32, amount: i64, flags: u32, nowNs: u64, idSize: usize): i64 {
  resetArena();
  quota.instance = instance;
  quota.dimensions = instances[instance].dimensions;
  quota.amount = amount;
  quota.isBestEffort = (flags & 1) != 0;
  quota.isShadow = (flags & 2) != 0;
  quota.deduplicationId = slice(area, idSize);
  quota.nowNs = nowNs;
  handler!.onQuota(quota, grant);
  return grant.amount;
}

/** How long the last grant is valid; -1 when it failed. */
export function validityNs(): i64 {
  return grant.isFailed ? -1 : grant.validDurationNs;
}

/** The rpc code with which the last charge failed. */
export function failureCode(): i32 {
  return grant.code;
}

// Pools of several clients, for tables of Mixer's prefetch.
const POOL_COUNT: usize = 8;
const pools: usize = takePages(POOL_COUNT * POOL_SIZE_BYTES);
const pool = new PrefetchPool();
let asked: i64 = 0;
let granted: i64 = 0;

/** Begins all pools anew. */
export function beginPools(): void {
  for (let client: usize = 0; client < POOL_COUNT; client++) {
    pool.begin(pools + client * POOL_SIZE_BYTES);
  }
}

/** Whether the pool of a client grants an amount. */
export function takeFromPool(client: usize, amount: i64, nowNs: u64): bool {
  pool.open(pools + client * POOL_SIZE_BYTES);
  return pool.take(amount, i64.MAX_VALUE, nowNs);
}

/** How much the last `takeFromPool` asks for; 0 = nothing. */
export function poolWants(): i64 {
  return pool.wanted;
}

/** What `settlePool` takes for the amount asked for last. */
export function poolTicket(): u32 {
  return pool.ticket;
}

/** The answer to what a pool asked for. */
export function settlePool(client: usize, ticket: u32, validNs: u64, nowNs: u64): void {
  pool.open(pools + client * POOL_SIZE_BYTES);
  pool.settle(ticket, asked, granted, validNs, nowNs);
}

/** How much of what is granted, for the next `settlePool`. */
export function answerPool(wanted: i64, given: i64): void {
  asked = wanted;
  granted = given;
}

/** What has been dropped for a reason since the last call. */
export function drops(reason: i32): u64 {
  return handler!.drops.take(reason);
}

/** The tick of the worker. */
export function tick(nowNs: u64): void {
  resetArena();
  handler!.onTick(nowNs);
}

/** Ends the handler. */
export function close(): void {
  handler!.close();
}

// One bucket without a host, for tables of the rolling window.
const STORED_SIZE_MAX_BYTES: usize = 65536;
const stored: usize = takePages(STORED_SIZE_MAX_BYTES);
const written: usize = takePages(STORED_SIZE_MAX_BYTES);
const window = new RollingWindow();
const bucket = new Bucket(window);
const terms = new Terms();
const writer = new Writer();
let storedSize: usize = 0;

/** The stored bucket begins as `size` bytes of the area; 0 = it does not exist. */
export function storeBucket(size: usize): void {
  memory.copy(stored, area, size);
  storedSize = size;
}

/** Copies the stored bucket to the area and returns its size. */
export function readBucket(): usize {
  memory.copy(area, stored, storedSize);
  return storedSize;
}

/** What `chargeBucket` charges against. */
export function setTerms(limit: i64, slotCount: i32, isBestEffort: bool): void {
  terms.limit = limit;
  terms.windowTicks = slotCount;
  terms.isBestEffort = isBestEffort;
}

/** Charges the key of `keySize` bytes in the area; -1 when the bucket is full. */
export function chargeBucket(keySize: usize, amount: i64, tick: i64): i64 {
  resetArena();
  terms.amount = amount;
  terms.tick = tick;
  writer.open(written, STORED_SIZE_MAX_BYTES);
  const before = storedSize == 0 ? ABSENT : slice(stored, storedSize);
  const charged = bucket.charge(before, slice(area, keySize), terms, writer);
  if (charged == Charged.Full) return -1;
  if (charged == Charged.Changed) {
    const bytes = writer.written;
    storedSize = writer.size;
    memory.copy(stored, startOf(bytes), storedSize);
  }
  return bucket.granted;
}

/** What is in use of the key charged last. */
export function usedOfBucket(): i64 {
  return window.used;
}
