// What is wrong with a document, collected while it is read: everything at once, bounded, as
// records that can be shown as text here or as JSON to the tools. Decides nothing. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { DIAGNOSTIC_COUNT_MAX, DOCUMENT_MEMORY_MAX_BYTES } from "../shared/limits";
import { isBudgetSpent } from "../memory/budget";
import { Slice } from "../memory/slice";
import { Diagnostic } from "./diagnostic";
import { Place } from "./place";
import { quoteText } from "./quote";
import { renderJson } from "./render-json";
import { renderText } from "./render-text";
import { SourceText } from "./source";
import { sortShort } from "../memory/sort";

/** Owners and suggestions are names with a word before them. */
const NAME_SIZE_SHOWN_MAX_BYTES: usize = 128;
/** Lists of known names may be long. */
const EXPECTED_SIZE_MAX_BYTES: usize = 2_000;

const FROM_ENVIRONMENT = "a value of the environment";

/** Who made a mistake that is not the operator's, and where the document asks for the maker. */
export class Blame {
  constructor(
    readonly who: string,
    readonly place: Place,
  ) {}
}

/** Collects the diagnostics of one document. */
export class Report {
  /** Set by whoever reads a rule, handler or instance; stands in the message. */
  owner: string = "";
  /** Set while something is read that is not the document's. */
  blame: Blame | null = null;
  private errors: Diagnostic[] = [];
  private warnings: Diagnostic[] = [];
  /** How many errors there are, those that are not kept included. */
  errorCount: i32 = 0;
  private warningCount: i32 = 0;
  private isSpent: bool = false;
  private hidden: Place[] = [];
  /** Pointers of texts that have values of the environment in them. */
  private secrets: Set<string> = new Set<string>();

  /**
   * `plugin` is how the filter is called in messages: `name (root "id")`; `document` the JSON text,
   * or ABSENT; `readDocument` sets it to what it really read.
   */
  constructor(
    readonly plugin: string,
    public document: Slice,
  ) {}

  /** Whether there is at least one error. */
  get failed(): bool {
    return this.errorCount > 0;
  }

  /** Whether as many errors are kept as are shown. */
  get isFull(): bool {
    return this.errors.length >= DIAGNOSTIC_COUNT_MAX;
  }

  /** Adds an error. `found` stands for `%` in the code's message; "" where it would be a secret. */
  error(
    code: DiagnosticCode,
    place: Place,
    found: string,
    expected: string = "",
    suggestion: string = "",
  ): void {
    if (isBudgetSpent()) {
      // What else is wrong may be so because the rest is no longer read.
      if (this.isSpent) return;
      this.isSpent = true;
      code = DiagnosticCode.DocumentTakesTooMuch;
      found = DOCUMENT_MEMORY_MAX_BYTES.toString();
      expected = suggestion = "";
    }
    const diagnostic = this.addError(code, place, this.shown(code, place, found));
    if (diagnostic == null) return;
    complete(diagnostic, expected, this.isSecret(code, place) ? "" : suggestion);
  }

  /** Adds a warning: the document is in force all the same. */
  warning(
    code: DiagnosticCode,
    place: Place,
    found: string,
    expected: string = "",
    suggestion: string = "",
  ): void {
    this.warningCount++;
    if (this.warnings.length >= DIAGNOSTIC_COUNT_MAX) return;
    const diagnostic = this.record(code, true, place, this.shown(code, place, found));
    this.warnings.push(diagnostic);
    complete(diagnostic, expected, this.isSecret(code, place) ? "" : suggestion);
  }

  /** Adds an error about something that contradicts what stands at `first`. */
  conflict(
    code: DiagnosticCode,
    place: Place,
    found: string,
    expected: string,
    first: Place,
  ): void {
    const diagnostic = this.addError(code, place, this.shown(code, place, found));
    if (diagnostic == null) return;
    diagnostic.related = first;
    complete(diagnostic, expected, "");
  }

  /**
   * Whether further errors are only counted; then this one has been, and the caller spares itself
   * place and words. Readers of long lists ask it, so that their time stays linear.
   */
  countsOnly(): bool {
    if (!this.isFull) return false;
    this.errorCount++;
    return true;
  }

  /** Whether there are more than `most`, which is an error then. */
  exceeds(place: Place, count: i32, most: i32): bool {
    if (count <= most) return false;
    const expected = "at most " + most.toString();
    this.error(DiagnosticCode.TooManyEntries, place, count.toString(), expected);
    return true;
  }

  /** From now on the value at `place` is a secret: no diagnostic shows it. */
  hide(place: Place): void {
    this.hidden.push(place);
  }

  /** The same, where the document itself does not have the secret and may be shown. */
  hideValue(pointer: string): void {
    this.secrets.add(pointer);
  }

  /** Every diagnostic as the text for a log line each, in the order of the document. */
  texts(): string[] {
    const source = new SourceText(this.document);
    const all = this.sorted();
    const texts: string[] = [];
    for (let index = 0; index < all.length; index++) {
      texts.push(renderText(all[index], this.plugin, source, this.hidden));
    }
    return texts;
  }

  /** Every diagnostic as a JSON array of records, for tools that show them over another text. */
  json(): string {
    return renderJson(this.sorted(), new SourceText(this.document));
  }

  // What is said of the environment itself, names, may be shown.
  private isSecret(code: DiagnosticCode, place: Place): bool {
    const isOfValue = code != DiagnosticCode.MissingVariable && code != DiagnosticCode.BadTemplate;
    return isOfValue && !place.isKey && this.secrets.has(place.pointer);
  }

  private shown(code: DiagnosticCode, place: Place, found: string): string {
    return this.isSecret(code, place) ? FROM_ENVIRONMENT : found;
  }

  /** Pointers of the values that no diagnostic shows; none where there is no diagnostic. */
  hiddenPointers(): string[] {
    const pointers: string[] = [];
    if (this.errorCount + this.warningCount == 0) return pointers;
    for (let at = 0; at < this.hidden.length; at++) pointers.push(this.hidden[at].pointer);
    return pointers;
  }

  // Null where it is only counted.
  private addError(code: DiagnosticCode, place: Place, found: string): Diagnostic | null {
    if (this.isTold(code, place, found)) return null;
    this.errorCount++;
    if (this.isFull) return null;
    const diagnostic = this.record(code, false, place, found);
    this.errors.push(diagnostic);
    return diagnostic;
  }

  // Two readers of one object find the same mistake; it is told once.
  private isTold(code: DiagnosticCode, place: Place, found: string): bool {
    for (let index = 0; index < this.errors.length; index++) {
      const told = this.errors[index];
      const where = told.place;
      if (told.code != code || where.sourceOffset != place.sourceOffset) continue;
      const isSamePart = where.offset == place.offset && where.isKey == place.isKey;
      if (isSamePart && where.pointer == place.pointer && told.found == quoteText(found))
        return true;
    }
    return false;
  }

  private record(code: DiagnosticCode, isWarning: bool, place: Place, found: string): Diagnostic {
    const blame = this.blame;
    const who = blame === null ? "" : blame.who;
    const owner = quoteText(who + this.owner, NAME_SIZE_SHOWN_MAX_BYTES);
    const at = blame === null ? place : blame.place;
    return new Diagnostic(code, isWarning, owner, at, quoteText(found));
  }

  // What could not be kept becomes one diagnostic of its own at the end.
  private sorted(): Diagnostic[] {
    const all = this.errors.concat(this.warnings);
    sortShort(all, (left, right) => left.place.sourceOffset > right.place.sourceOffset);
    const more = this.errorCount + this.warningCount - all.length;
    if (more > 0) {
      const code = DiagnosticCode.MoreNotShown;
      all.push(new Diagnostic(code, !this.failed, "", Place.document(), more.toString()));
    }
    return all;
  }
}

function complete(diagnostic: Diagnostic, expected: string, suggestion: string): void {
  diagnostic.expected = quoteText(expected, EXPECTED_SIZE_MAX_BYTES);
  diagnostic.suggestion = quoteText(suggestion, NAME_SIZE_SHOWN_MAX_BYTES);
}
