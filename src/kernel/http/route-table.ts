/** Which methods an address takes: tells "no such address" from "not with that method". */

interface Entry {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

export class RouteTable {
  readonly #entries = new Map<string, Entry>();

  add(method: string, url: string): void {
    // A wildcard answers for everything below it and would make each address look known.
    if (url.includes('*')) return;
    let entry = this.#entries.get(url);
    if (!entry) {
      const pattern = url.split('/').map((part) => (part.includes(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('/');
      this.#entries.set(url, (entry = { pattern: new RegExp(`^${pattern}$`), methods: new Set() }));
    }
    entry.methods.add(method);
  }

  /** @param path without query */
  methodsFor(path: string): readonly string[] {
    const methods = new Set<string>();
    for (const { pattern, methods: own } of this.#entries.values()) if (pattern.test(path)) for (const method of own) methods.add(method);
    return [...methods].sort();
  }
}
