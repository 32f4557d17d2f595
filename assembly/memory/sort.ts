// Sorts short lists, such as names, dimensions and diagnostics: the standard library's sort is four
// functions for each type. Cold.

/** Sorts in place, by insertion; what is equal keeps its order. */
export function sortShort<T>(items: T[], isBehind: (left: T, right: T) => bool): void {
  for (let count = 1; count < items.length; count++) {
    const item = items[count];
    let at = count;
    for (; at > 0 && isBehind(items[at - 1], item); at--) items[at] = items[at - 1];
    items[at] = item;
  }
}
