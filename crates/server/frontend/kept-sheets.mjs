// What lies on this device of field sheets (sheets.mjs): the sheets, and the pages taken along.
//
// Sheets lie in IndexedDB: a change is on the disk when it says so, and two windows cannot write
// over each other. But a window that is closed waits for no disk, so what was typed last also lies
// in localStorage, which is written before anything else happens, until the sheet has it. A sheet
// belongs to whoever took it along; nobody else is shown it or sends it. Pages lie where
// assets/field.js looks for them.

/** What both are called. */
export const PAGES = 'field-sheets'

/** By what sheets of whoever is signed in are known; nothing for who takes none along. */
export const who = document.body.dataset.sheetsOf

let opened
/** The sheets as a database; fails where a browser keeps nothing. */
export const base = () => {
  opened ??= new Promise((tell, fail) => {
    const asked = indexedDB.open(PAGES, 1)
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore('sheets', { keyPath: ['who', 'sheet'] })
    asked.onsuccess = () => tell(asked.result)
    asked.onerror = () => fail(asked.error)
  })
  return opened
}

/** Does something with the sheets that lie here; what it asked for is told once all is on disk. */
const within = async (mode, act) => {
  const change = (await base()).transaction('sheets', mode, { durability: 'strict' })
  return new Promise((tell, fail) => {
    const asked = act(change.objectStore('sheets'))
    change.oncomplete = () => tell(asked.result)
    change.onabort = () => fail(change.error)
  })
}

const everybodys = () => within('readonly', (sheets) => sheets.getAll())

/** The sheets of whoever is signed in. */
export const own = async () => (await everybodys()).filter((sheet) => sheet.who === who)

/** One of them, by its name. */
export const named = (sheet) => within('readonly', (sheets) => sheets.get([who, sheet]))

/** Keeps a sheet that was taken along. */
export const begin = (sheet) => within('readwrite', (sheets) => sheets.put({ ...sheet, who }))

/** Changes a sheet as it lies here now, and tells it; one that was discarded meanwhile stays so. */
export const turn = async (sheet, next) => {
  let turned
  await within('readwrite', (sheets) => {
    const asked = sheets.get([who, sheet])
    asked.onsuccess = () => {
      turned = asked.result && next(asked.result)
      if (turned) sheets.put(turned)
    }
    return asked
  })
  return turned
}

const slipOf = (sheet) => `${PAGES} ${who} ${sheet}`

/** Notes at once what was typed, and tells how to strike it once the sheet has it. */
export const note = (sheet, typed) => {
  const slip = JSON.stringify(typed)
  localStorage.setItem(slipOf(sheet), slip)
  return () => strikeSame(sheet, slip)
}

/** Another window may have noted something else meanwhile, which is not in the sheet yet. */
const strikeSame = (sheet, slip) => localStorage.getItem(slipOf(sheet)) === slip && strike(sheet)

const strike = (sheet) => localStorage.removeItem(slipOf(sheet))

/** What was typed last and is not in the sheet, and how to strike it; nothing where all of it is. */
export const noted = (sheet) => {
  const slip = localStorage.getItem(slipOf(sheet))
  return slip && { typed: JSON.parse(slip), strike: () => strikeSame(sheet, slip) }
}

/** Keeps a page on this device as it is now, with what it needs to be shown. */
export const keepPage = async (address) => {
  const scope = address.replace(/[^/]+$/, '')
  await navigator.serviceWorker.register('/assets/field.js', { scope })
  const page = await fetch(address, { cache: 'no-store' })
  if (!page.ok || page.redirected) throw new Error(String(page.status))
  const text = await page.clone().text()
  const parts = parsed(text).querySelectorAll('link[rel="stylesheet"], script')
  const needed = [...parts].map((part) => part.getAttribute('href') ?? part.getAttribute('src'))
  const pages = await caches.open(PAGES)
  await pages.addAll(needed)
  await pages.put(address, page)
}

/** Forgets a page; with the last sheet of all, everything that opens pages without a network. */
const dropPage = async (address) => {
  await (await caches.open(PAGES)).delete(address)
  if ((await everybodys()).length > 0) return
  await caches.delete(PAGES)
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
}

/** Deletes a sheet and its page, unless something was typed after what `revision` says. */
export const drop = async (sheet, revision) => {
  let dropped = false
  const lay = await within('readwrite', (sheets) => {
    const asked = sheets.get([who, sheet])
    asked.onsuccess = () => {
      dropped = asked.result && (revision ?? asked.result.revision) === asked.result.revision
      if (dropped) sheets.delete([who, sheet])
    }
    return asked
  })
  if (dropped) {
    strike(sheet)
    await dropPage(lay.address)
  }
  return dropped
}

/** Leaves no page of a colleague who used this device before, nor one without a sheet. */
export const keepOwnPages = async () => {
  if (!(await caches.has(PAGES))) return
  const pages = await caches.open(PAGES)
  const taken = (await own()).map((sheet) => sheet.address)
  for (const request of await pages.keys()) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/assets/')) continue
    const page = parsed(await (await pages.match(request)).text())
    const mine = page.body.dataset.sheetsOf === who && taken.includes(pathname)
    if (!mine) await pages.delete(request)
  }
}

/** Forgets everything of whoever is signed in, and every page. */
export const dropAll = async () => {
  for (const { sheet } of await own()) await drop(sheet)
  await caches.delete(PAGES)
}

/** A page from its text. */
export const parsed = (text) => new DOMParser().parseFromString(text, 'text/html')
