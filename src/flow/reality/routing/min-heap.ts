/** A binary heap of numbered items by a key, in two typed arrays: no allocation while a path is searched. */
export class MinHeap {
  #items: Int32Array;
  #keys: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#items = new Int32Array(capacity);
    this.#keys = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
  }

  push(item: number, key: number): void {
    if (this.#size === this.#items.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#keys[parent]! <= key) break;
      this.#items[at] = this.#items[parent]!;
      this.#keys[at] = this.#keys[parent]!;
      at = parent;
    }
    this.#items[at] = item;
    this.#keys[at] = key;
  }

  /** Takes the item with the least key; −1 when the heap is empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const top = this.#items[0]!;
    const last = --this.#size;
    const item = this.#items[last]!;
    const key = this.#keys[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#keys[child + 1]! < this.#keys[child]!) child += 1;
      if (this.#keys[child]! >= key) break;
      this.#items[at] = this.#items[child]!;
      this.#keys[at] = this.#keys[child]!;
      at = child;
    }
    this.#items[at] = item;
    this.#keys[at] = key;
    return top;
  }

  #grow(): void {
    const items = new Int32Array(this.#items.length * 2);
    items.set(this.#items);
    this.#items = items;
    const keys = new Float64Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
  }
}
