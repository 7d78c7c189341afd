// Stands in for the browser's WebSocket: the test is the bridge at the other end.
const sockets = [];

class FakeSocket extends EventTarget {
  constructor(url, protocol) {
    super();
    this.url = url;
    this.protocol = protocol;
    this.readyState = 0;
    this.sent = [];
    this.reading = Promise.resolve();
    sockets.push(this);
  }
  // The page hands over a Blob, which is read later; the order stays.
  send(blob) {
    this.reading = this.reading
      .then(() => blob.arrayBuffer())
      .then((buffer) => this.sent.push(new Uint8Array(buffer)));
  }
  close(code = 1000, reason = "") {
    if (this.readyState < 3) hangUp(this, code, reason);
  }
}

function hangUp(socket, code, reason) {
  socket.readyState = 3;
  socket.dispatchEvent(new CloseEvent("close", { code, reason, wasClean: true }));
}

// What a page listens to on the window ends with its document, which the tests share.
let listening = [];
const listen = window.addEventListener.bind(window);

export function install() {
  globalThis.WebSocket = FakeSocket;
  window.addEventListener = (...what) => {
    listening.push(what);
    listen(...what);
  };
}

export function uninstall() {
  window.addEventListener = listen;
  for (const what of listening) window.removeEventListener(...what);
  listening = [];
}

export function count() {
  return sockets.length;
}

export function protocol(index) {
  return `${sockets[index].url} ${sockets[index].protocol}`;
}

export function open(index) {
  const socket = sockets[index];
  socket.readyState = 1;
  socket.dispatchEvent(new Event("open"));
}

export function tell(index, bytes) {
  const data = bytes.slice().buffer;
  sockets[index].dispatchEvent(new MessageEvent("message", { data }));
}

export function take_sent(index) {
  return sockets[index].sent.shift();
}

export function lose(index) {
  hangUp(sockets[index], 1006, "");
}

// What changes in the document below an element.
let changes = [];
const observer = new MutationObserver((records) => changes.push(...records));

export function watch(element) {
  observer.disconnect();
  changes = [];
  observer.observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** How many changes there were below or in what `selector` names. */
export function changed(selector) {
  return changes.filter(({ target }) => (target.closest ? target : target.parentElement)?.closest(selector)).length;
}

/** How many elements were put right into what `selector` names, or taken out of it. */
export function moved(selector) {
  return changes
    .filter(({ type, target }) => type === "childList" && target.matches(selector))
    .flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes])
    .filter(({ nodeType }) => nodeType === Node.ELEMENT_NODE).length;
}
