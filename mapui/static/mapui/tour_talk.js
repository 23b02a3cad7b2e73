// Talks to the API about one tour: reads it, changes it one change at a time, says what went wrong.

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    Object.assign(this, { status, errors: problem.errors ?? [] });
  }
}

export class Offline extends Error {}

export class Talk {
  constructor(number, csrf) {
    Object.assign(this, { address: `/api/v1/tours/${number}`, csrf, last: Promise.resolve() });
  }

  read() {
    return this.send("GET", "");
  }

  // Changes go one after the other; `body` is made when its turn has come, from the newest version.
  change(body) {
    const mine = this.last.then(() => this.send("PATCH", "", body()));
    this.last = mine.catch(() => {});
    return mine;
  }

  post(path, body = {}) {
    return this.send("POST", path, body);
  }

  async send(method, path, body) {
    const headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json", "X-CSRFToken": this.csrf } : {}) };
    let response;
    try {
      response = await fetch(this.address + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    } catch (failed) {
      throw new Offline(failed.message);
    }
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    const told = isJson ? await response.json() : {};
    if (!response.ok) throw new Refused(response.status, told);
    return told;
  }
}
