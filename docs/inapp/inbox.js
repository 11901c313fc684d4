// A person's inbox: keeps the list and the counts right, and says "change" when they are others.
// It is all that a page needs to know of Relais; how it looks is bell.js.

const RETRY_MS = { first: 500, longest: 30_000 }; // doubled at each try, and spread
const SILENCE_MS = 60_000; // Relais says something every 25 seconds: after a minute the line is dead
const EARLY_MS = 30_000; // so long before its end a token is no longer used

export class Inbox extends EventTarget {
  #address;
  #askToken;
  #token = null;
  #since = null;
  #messages = new Map();
  #socket = null;
  #silence = null;
  #tries = 0;

  next = null;
  counts = { unread: 0, total: 0 };

  /** `address`: PUBLIC_URL/inbox/v1. `askToken` asks your own backend: { token, expires_at }. */
  constructor(address, askToken) {
    super();
    this.#address = address;
    this.#askToken = askToken;
  }

  /** The newest first, without what was put away. */
  get messages() {
    return [...this.#messages.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** Read the first page, then listen for as long as the page is open. */
  async start() {
    try {
      await this.#load();
      await this.#listen();
    } catch {
      this.#comeBack();
    }
  }

  /** Older ones. */
  async more() {
    const page = await this.#ask("GET", `/messages?limit=20&cursor=${this.next}`);
    this.next = page.next;
    this.#take(page.data, page.counts);
  }

  /** done: "read", "click" or "archive". */
  async mark(id, done) {
    const { message, counts } = await this.#ask("POST", `/messages/${id}/${done}`);
    this.#take([message], counts);
  }

  async markAllRead() {
    const { counts } = await this.#ask("POST", `/messages/read-all?until=${encodeURIComponent(this.#since)}`);
    const now = new Date().toISOString();
    this.#take(this.messages.map((each) => ({ ...each, read_at: each.read_at ?? now })), counts);
  }

  async #load() {
    const page = await this.#ask("GET", "/messages?limit=20");
    this.#messages.clear();
    this.next = page.next;
    this.#since = page.since;
    this.#take(page.data, page.counts);
  }

  #take(messages, counts) {
    for (const each of messages) {
      if (each.archived_at) this.#messages.delete(each.id);
      else this.#messages.set(each.id, each);
    }
    this.counts = counts;
    this.dispatchEvent(new Event("change"));
  }

  async #listen() {
    const token = await this.#valid();
    // The token is in the first frame: addresses are written down by proxies.
    const socket = new WebSocket(`${this.#address.replace(/^http/, "ws")}/live`);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, since: this.#since }));
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (code === 4401) this.#token = null;
      if (socket === this.#socket) this.#comeBack();
    };
    this.#watch();
  }

  #hear(frame) {
    this.#watch();
    this.#tries = 0;
    this.#since = frame.since;
    if (frame.type === "beat") return;
    this.#take(frame.messages, frame.counts);
    // More was missed than one frame tells.
    if (!frame.is_complete) this.#load().catch(() => this.#comeBack());
  }

  #watch() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#comeBack(), SILENCE_MS);
  }

  #comeBack() {
    clearTimeout(this.#silence);
    const dead = this.#socket;
    this.#socket = null;
    dead?.close();
    const pause = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** this.#tries++);
    // Where nothing was ever read, there is no moment to go on from.
    const again = () => (this.#since ? this.#listen().catch(() => this.#comeBack()) : this.start());
    setTimeout(again, pause * (0.5 + Math.random() / 2));
  }

  async #ask(method, path, isAgain = false) {
    const headers = { Authorization: `Bearer ${await this.#valid()}` };
    // keepalive: also where a tap leads to another page.
    const answer = await fetch(this.#address + path, { method, headers, keepalive: true });
    if (answer.status === 401 && !isAgain) {
      this.#token = null;
      return this.#ask(method, path, true);
    }
    if (!answer.ok) throw new Error(`The inbox answers ${answer.status}.`);
    return answer.json();
  }

  async #valid() {
    if (!this.#token || Date.parse(this.#token.expires_at) - Date.now() < EARLY_MS) {
      this.#token = await this.#askToken();
    }
    return this.#token.token;
  }
}
