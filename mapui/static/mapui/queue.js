// Presses of 已举办 that are kept until the server has them. Pure but for the storage it is given.
// An entry: { uuid, village, attendance, note, at, sent, refused }.

export class Queue {
  constructor(storage, key) {
    this.storage = storage;
    this.key = key;
  }

  all() {
    try {
      const entries = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(entries) ? entries : [];
    } catch {
      return [];
    }
  }

  of(village) { return this.all().find((each) => each.village === village); }

  unsent() { return this.all().filter(({ sent }) => !sent); }

  waiting() { return this.unsent().filter(({ refused }) => !refused); }

  // One entry a village: a second press keeps the first, unless that one was refused.
  add(entry) {
    const before = this.of(entry.village);
    if (before && !before.refused) return before;
    this.write([...this.all().filter(({ village }) => village !== entry.village), entry]);
    return entry;
  }

  // Read anew each time: another window of the page may have written meanwhile.
  change(uuid, fields) { this.write(this.all().map((each) => (each.uuid === uuid ? { ...each, ...fields } : each))); }

  drop(uuid) { this.write(this.all().filter((each) => each.uuid !== uuid)); }

  write(entries) { this.storage.setItem(this.key, JSON.stringify(entries)); }
}

// A random UUID also where the page has no secure context, as on a local network without HTTPS.
export function newUuid(crypto) {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
