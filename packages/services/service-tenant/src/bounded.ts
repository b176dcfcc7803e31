/**
 * The bound of an `LRUCache` that may come to hold many entries. With `max` it would set aside room for all of them when it is made:
 * a millisecond and a megabyte for ten thousand, which a host that opens a control plane for a moment pays too.
 */
export const bounded = (entries: number) => ({ maxSize: entries, sizeCalculation: () => 1 });
