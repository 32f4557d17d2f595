// Writes log entries and metrics as lines of Envoy's log, at once. Hot: allocates nothing managed.

import {
  Handler,
  LOG_LINE_SIZE_MAX_BYTES,
  LogEntry,
  Metric,
  Slice,
  Writer,
  intAt,
  isLogged,
  markArena,
  nanosAt,
  releaseArena,
  takeArena,
  textAt,
  wallClockNanos,
  writeLog,
} from "../../assembly/sdk";
import { Level, Severities, levelText, logLevel } from "./level";
import { LineHead, LineShape, LineWriter } from "./line";

const NS_PER_SECOND: u64 = 1_000_000_000;
const out = new Writer();

/** What a handler was told about levels. */
export class Levels {
  constructor(
    readonly severities: Severities,
    readonly metrics: Level,
    /** Lines below it are not written. */
    readonly least: Level,
  ) {}
}

/** One log. */
export class StdioHandler extends Handler {
  private readonly head: LineHead = new LineHead();
  /** A line was longer than it may be and was cut. */
  private readonly truncated: i32;

  /** `shapes` by the number of the instance. */
  constructor(
    private readonly shapes: StaticArray<LineShape>,
    private readonly levels: Levels,
    private readonly writer: LineWriter,
  ) {
    super();
    this.truncated = this.drops.declareReason("truncated");
  }

  onLogEntry(entry: LogEntry): void {
    const severity = entry.severity;
    const level = severity == 0 ? Level.Info : this.levels.severities.levelOf(textAt(severity));
    if (!this.isWritten(level)) return;
    if (entry.timestamp != 0) {
      this.head.seconds = intAt(entry.timestamp);
      this.head.nanos = nanosAt(entry.timestamp);
    } else {
      this.takeTime();
    }
    this.head.value = 0;
    this.write(level, unchecked(this.shapes[entry.instance]));
  }

  onMetric(metric: Metric): void {
    const level = this.levels.metrics;
    if (!this.isWritten(level)) return;
    this.takeTime();
    this.head.value = metric.cell;
    this.write(level, unchecked(this.shapes[metric.instance]));
  }

  private isWritten(level: Level): bool {
    return level >= this.levels.least && isLogged(logLevel(level));
  }

  private takeTime(): void {
    const now = wallClockNanos();
    this.head.seconds = <i64>(now / NS_PER_SECOND);
    this.head.nanos = <u32>(now % NS_PER_SECOND);
  }

  private write(level: Level, shape: LineShape): void {
    const mark = markArena();
    const room = takeArena(LOG_LINE_SIZE_MAX_BYTES);
    if (room == 0) {
      this.drops.add(this.truncated);
      return;
    }
    this.head.level = levelText(level);
    out.open(room, LOG_LINE_SIZE_MAX_BYTES);
    if (!this.writer.write(out, shape, this.head)) this.drops.add(this.truncated);
    const line: Slice = out.written;
    writeLog(logLevel(level), line);
    releaseArena(mark);
  }
}
