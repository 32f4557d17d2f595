// PBKDF2 against the known vectors for HMAC-SHA-256, and at the edges of the key's block.

import { literal, textOf } from "../memory/literal";
import { Writer } from "../memory/writer";
import { pbkdf2Sha256 } from "./pbkdf2";

const HASH: usize = memory.data(32, 8);
const TEXT: usize = memory.data(64, 8);
const writer = new Writer();

function derived(password: string, salt: string, iterations: i32): string {
  pbkdf2Sha256(literal(password), literal(salt), iterations, HASH);
  writer.open(TEXT, 64);
  for (let at: usize = 0; at < 32; at++) writer.hex(load<u8>(HASH + at));
  return textOf(writer.written).toLowerCase();
}

describe("a derived key", () => {
  it("is that of the standard", () => {
    expect(derived("password", "salt", 1)).toBe(
      "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b",
    );
    expect(derived("password", "salt", 2)).toBe(
      "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43",
    );
    expect(derived("password", "salt", 4096)).toBe(
      "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a",
    );
    expect(
      derived(
        "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp",
        "ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss",
        3,
      ),
    ).toBe("4e5d67c90530ef378e9b5123c4a216eb4343038035c4e713bc63e3dbe9b4f791");
    expect(
      derived("ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp", "", 3),
    ).toBe("22a288b26df08ee43b6699d2519cff7f397beac21ff82b833e0993ce585862a5");
    expect(derived("", "salt", 3)).toBe(
      "5ddf839afa2d5fb4be56e1a0f48917617559bef61ec122bfca1c7f75ac8f401d",
    );
  });
});
