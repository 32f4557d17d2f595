// Text inside an element or a quoted attribute of HTML. Hot.

import { literal } from "../memory/literal";
import { Slice, endOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";

const AMPERSAND = literal("&amp;");
const LESS = literal("&lt;");
const GREATER = literal("&gt;");
const QUOTE = literal("&quot;");
const APOSTROPHE = literal("&#39;");

/** Writes the text with the five characters replaced that could begin or end markup. */
export function writeHtmlEscaped(out: Writer, text: Slice): void {
  const end = endOf(text);
  for (let at = startOf(text); at < end; at++) {
    const byte = load<u8>(at);
    switch (byte) {
      case 0x26:
        out.bytes(AMPERSAND);
        break;
      case 0x3c:
        out.bytes(LESS);
        break;
      case 0x3e:
        out.bytes(GREATER);
        break;
      case 0x22:
        out.bytes(QUOTE);
        break;
      case 0x27:
        out.bytes(APOSTROPHE);
        break;
      default:
        out.byte(byte);
    }
  }
}
