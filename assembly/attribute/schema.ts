// The names that one document may use, with dense indexes: vocabulary names on first use, declared
// attributes, single elements of header maps, and hidden attributes for shared sub-expressions.
// Cold: built while a document is compiled, then laid out once for the bag.

import { Derivation } from "../shared/attributes";
import { PeerSource } from "../shared/peers";
import { Phase, PHASES_ALL } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";
import { textOf } from "../memory/literal";
import { SourceKind } from "./entry";
import {
  SchemaEntry,
  Sources,
  entryOfProperty,
  entryOfRow,
  setRequestHeader,
  setRequestPart,
} from "./schema-entry";
import { DOWNSTREAM_PEER, UPSTREAM_PEER, peerEntry } from "./peer-entry";
import { vocabularyNames, vocabularyRow } from "./vocabulary";
import { lowerCase } from "../text/strings";

/** The attributes of one document. */
export class Schema implements Sources {
  readonly entries: SchemaEntry[] = [];
  /** Header names that some attribute reads, in slot order. */
  readonly requestHeaders: string[] = [];
  readonly responseHeaders: string[] = [];
  /** Where the workload of the other side is known from; set before the first name is found. */
  peers: PeerSource = PeerSource.None;
  /** How many output values actions have. */
  outputCount: i32 = 0;
  /** How many entries are sub-expressions that rules share, which the document does not name. */
  sharedCount: i32 = 0;
  /** Actions with a wrong handler: who reads their outputs makes no mistake of his own. */
  readonly unreadActions: Set<string> = new Set<string>();
  private readonly indexes: Map<string, i32> = new Map<string, i32>();
  private readonly known: string[] = [];

  /** The index of a name; -1 when neither the vocabulary nor the document has it. */
  find(name: string): i32 {
    if (this.indexes.has(name)) return this.indexes.get(name);
    const row = vocabularyRow(name);
    if (row != null) return this.add(name, entryOfRow(row, this));
    const end = name.indexOf(".output.");
    if (end < 0 || !this.unreadActions.has(name.substring(0, end))) return -1;
    return this.declareOutput(name);
  }

  /** Whether the document itself has declared or used this name. */
  has(name: string): bool {
    return this.indexes.has(name);
  }

  /** The declared type of an attribute. */
  typeOf(index: i32): ValueType {
    return this.entries[index].type;
  }

  /** The name as an operator writes it: `request.host`, `request.headers["x-role"]`. */
  nameOf(index: i32): string {
    return this.entries[index].name;
  }

  /** Every name that may be used, for suggestions. */
  names(): string[] {
    return vocabularyNames().concat(this.known);
  }

  /** Phase bits in which the attribute can be read. */
  phasesOf(index: i32): u32 {
    return this.entries[index].phases;
  }

  /** Notes that a program of this phase reads the attribute, and what that one reads. */
  use(index: i32, phase: Phase): void {
    const entry = this.entries[index];
    if ((entry.uses & phase) != 0) return;
    entry.uses |= phase;
    for (let at = 0; at < entry.reads.length; at++) this.use(entry.reads[at], phase);
  }

  /**
   * The attribute `name["key"]`, where one element can be had without its map: headers. -1 for
   * other maps. The key is folded to lower case.
   */
  element(index: i32, key: Slice): i32 {
    const map = this.entries[index];
    const isRequest = map.kind == SourceKind.RequestHeaders;
    if (!isRequest && map.kind != SourceKind.ResponseHeaders) return -1;
    const header = lowerCase(textOf(key));
    const name = map.name + '["' + header + '"]';
    if (this.indexes.has(name)) return this.indexes.get(name);
    const entry = new SchemaEntry(name, ValueType.String);
    entry.phases = map.phases;
    entry.isElement = true;
    entry.isRequestOnly = isRequest;
    entry.kind = isRequest ? SourceKind.RequestHeader : SourceKind.ResponseHeader;
    entry.argument = isRequest ? this.requestHeader(header) : this.responseHeader(header);
    entry.isPseudo = isRequest && header.charCodeAt(0) == 58;
    return this.add(name, entry);
  }

  /**
   * The attribute as CEL reads it: claims and declared maps with the maps and lists inside them,
   * where a STRING_MAP has texts only. The attribute itself where there is no difference.
   */
  nested(index: i32): i32 {
    const texts = this.entries[index];
    if (!hasMore(texts)) return index;
    const name = "(nested) " + texts.name;
    if (this.indexes.has(name)) return this.indexes.get(name);
    return this.add(name, texts.nested());
  }

  /** Declares a name that the probe or a test sets by hand. */
  declareName(name: string, type: ValueType): i32 {
    const entry = new SchemaEntry(name, type);
    entry.phases = PHASES_ALL;
    return this.addKnown(name, entry);
  }

  /** Declares an output value of an action, which the engine puts into the stream's record. */
  declareOutput(name: string): i32 {
    const entry = new SchemaEntry(name, ValueType.String);
    entry.kind = SourceKind.Output;
    entry.argument = this.outputCount++;
    entry.phases = PHASES_ALL;
    return this.addKnown(name, entry);
  }

  /** Whether the attribute is an output value, or is made of one. */
  readsOutput(index: i32): bool {
    const entry = this.entries[index];
    if (entry.kind == SourceKind.Output) return true;
    for (let at = 0; at < entry.reads.length; at++) {
      if (this.readsOutput(entry.reads[at])) return true;
    }
    return false;
  }

  /**
   * Declares a name that reads a property of Envoy's; the path's parts as the operator gave them.
   */
  declareProperty(name: string, type: ValueType, path: string[]): i32 {
    return this.addKnown(name, entryOfProperty(name, type, path));
  }

  /** Declares a name that reads one request header. */
  declareRequestHeader(name: string, type: ValueType, header: string): i32 {
    const entry = requestEntry(name, type);
    setRequestHeader(entry, header, this);
    return this.addKnown(name, entry);
  }

  /** Declares a name that reads one response header; in the log it may be a trailer. */
  declareResponseHeader(name: string, type: ValueType, header: string): i32 {
    const entry = new SchemaEntry(name, type);
    entry.phases = Phase.Response | Phase.Log;
    entry.isText = true;
    entry.kind = SourceKind.ResponseHeader;
    entry.argument = this.responseHeader(header);
    return this.addKnown(name, entry);
  }

  /** Declares a name that reads a cookie or a query parameter. */
  declarePart(name: string, type: ValueType, derivation: Derivation, part: string): i32 {
    const entry = requestEntry(name, type);
    setRequestPart(entry, derivation, part, this);
    return this.addKnown(name, entry);
  }

  /** The hidden attribute with a credential: a cookie or query parameter, made once for each. */
  hiddenCredential(derivation: Derivation, part: string): i32 {
    const what = derivation == Derivation.CookieCredential ? "(cookie " : "(query parameter ";
    const name = what + part + ")";
    if (this.indexes.has(name)) return this.indexes.get(name);
    const entry = requestEntry(name, ValueType.String);
    setRequestPart(entry, derivation, part, this);
    return this.add(name, entry);
  }

  /**
   * Declares a name that a program gives. `reads` are the attributes it reads; `program` is the
   * Program's address. Hidden names (shared sub-expressions) are not suggested.
   */
  addProgram(name: string, type: ValueType, program: usize, reads: i32[]): i32 {
    const entry = new SchemaEntry(name, type);
    entry.kind = SourceKind.Program;
    entry.program = program;
    entry.reads = reads;
    entry.phases = PHASES_ALL;
    for (let at = 0; at < reads.length; at++) entry.phases &= this.entries[reads[at]].phases;
    return this.add(name, entry);
  }

  /**
   * Marks a program's attribute as the operator's own: suggested, and absent when it fails, as it
   * does without the `required` ones.
   */
  markDeclared(index: i32, required: i32[]): void {
    const entry = this.entries[index];
    entry.isDeclared = true;
    entry.isAlwaysPresent = true;
    for (let at = 0; at < required.length; at++) {
      if (this.canBeAbsent(required[at])) entry.isAlwaysPresent = false;
    }
    this.known.push(this.entries[index].name);
  }

  /** The slot of a request header. */
  requestHeader(name: string): i32 {
    return slotOf(this.requestHeaders, name);
  }

  /** The slot of a response header. */
  responseHeader(name: string): i32 {
    return slotOf(this.responseHeaders, name);
  }

  /** The hidden attribute with the bytes of a property; made once for each path. */
  hiddenProperty(path: string[]): i32 {
    const name = "(" + path.join("/") + ")";
    if (this.indexes.has(name)) return this.indexes.get(name);
    const entry = new SchemaEntry(name, ValueType.String);
    entry.phases = PHASES_ALL;
    entry.kind = SourceKind.Property;
    entry.path = path;
    entry.isOfMoment = true;
    return this.add(name, entry);
  }

  /** The hidden attribute with a request header, absent without it; made once for each name. */
  hiddenHeader(header: string): i32 {
    const name = "(header " + header + ")";
    if (this.indexes.has(name)) return this.indexes.get(name);
    const entry = requestEntry(name, ValueType.String);
    entry.phases = PHASES_ALL;
    setRequestHeader(entry, header, this);
    return this.add(name, entry);
  }

  /** The hidden attribute with a peer's metadata as a packed block; made once for each side. */
  hiddenPeer(isUpstream: bool): i32 {
    if (this.peers < PeerSource.Headers) return -1;
    const name = isUpstream ? UPSTREAM_PEER : DOWNSTREAM_PEER;
    if (this.indexes.has(name)) return this.indexes.get(name);
    return this.add(name, peerEntry(this.peers, isUpstream, this));
  }

  /** Whether a request need not have it. Elements of maps read as empty, and are never missing. */
  canBeAbsent(index: i32): bool {
    const entry = this.entries[index];
    if (entry.isElement || entry.isAlwaysPresent) return false;
    return entry.kind != SourceKind.Program || entry.isDeclared;
  }

  /** Why nothing gives the attribute here, `WHY; INSTEAD`; "" when something can. */
  absenceOf(index: i32): string {
    return this.entries[index].absence;
  }

  private addKnown(name: string, entry: SchemaEntry): i32 {
    this.known.push(name);
    return this.add(name, entry);
  }

  private add(name: string, entry: SchemaEntry): i32 {
    const index = this.entries.length;
    this.entries.push(entry);
    this.indexes.set(name, index);
    return index;
  }
}

function requestEntry(name: string, type: ValueType): SchemaEntry {
  const entry = new SchemaEntry(name, type);
  entry.phases = PHASES_ALL;
  entry.isRequestOnly = true;
  entry.isText = true;
  return entry;
}

// Whether a map of texts leaves something out that its source has.
function hasMore(map: SchemaEntry): bool {
  if (map.type != ValueType.StringMap) return false;
  return map.derivation == Derivation.AuthClaims || (map.isMetadata && !map.isOfVocabulary);
}

function slotOf(names: string[], name: string): i32 {
  const known = names.indexOf(name);
  if (known >= 0) return known;
  names.push(name);
  return names.length - 1;
}
