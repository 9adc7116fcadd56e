// What was typed and is not yet acknowledged, kept in IndexedDB on this computer.
const NAME = "rubric-studio";
const STORE = "unsaved";
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(mode, act) {
  try {
    const store = (await database()).transaction(STORE, mode).objectStore(STORE);
    const request = act(store);
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    // Private windows may have no storage; the page and the server still hold the text.
    return undefined;
  }
}

/** entry: {revision, fields, at}; the key names user and criterion. */
export const keep = (key, entry) => within("readwrite", (store) => store.put(entry, key));
export const kept = (key) => within("readonly", (store) => store.get(key));
export const drop = (key) => within("readwrite", (store) => store.delete(key));
export const keptKeys = async () => (await within("readonly", (store) => store.getAllKeys())) ?? [];
