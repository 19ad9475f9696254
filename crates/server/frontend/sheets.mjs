// Field sheets: the form of a step that is done where there may be no network. Its page is taken
// along (assets/field.js opens it), what is typed is kept as it is typed, and it is sent when there
// is a network again, under the number it was taken along with: however often that is, the city
// records it once (ADR 43). Nothing is thrown away but by whoever wrote it.
import {
  PAGES,
  base,
  begin,
  drop,
  dropAll,
  keepOwnPages,
  keepPage,
  named,
  note,
  noted,
  own,
  parsed,
  turn,
  who,
} from './kept-sheets.mjs'

/** How a sheet stands that is to be sent. */
const WAITS = ['queued', 'signed-out']

/** After so many milliseconds without an answer there is no network. */
const PATIENCE = 30_000
/** How long until it is tried again: a browser that says there is a network may have none yet. */
const AGAIN = 10_000

/** What a form says by name, and in words for whoever cannot see the form any more. */
const written = (form) => {
  const fields = [...new FormData(form)].filter(
    ([name, value]) => name !== 'token' && name !== 'key' && typeof value === 'string',
  )
  const words = [...form.elements]
    .filter((field) => field.labels?.length && (isMark(field) ? field.checked : field.value))
    .map((field) => {
      const label = plain(field.labels[0])
      const chosen = field.selectedOptions?.[0]?.textContent.trim()
      if (!isMark(field)) return [label, chosen ?? field.value]
      const legend = field.closest('fieldset')?.querySelector('legend')
      return [legend ? plain(legend) : '', label]
    })
  return { fields, words }
}

/** What a label says, without what is marked on it. */
const plain = (label) => {
  const own = label.cloneNode(true)
  own.querySelectorAll('.mark').forEach((mark) => mark.remove())
  return own.textContent.trim()
}

const isMark = (field) => field.type === 'radio' || field.type === 'checkbox'

/** Writes into a form what was typed before. */
const restore = (form, sheet) => {
  form.elements.key.value = sheet.key
  if (sheet.revision === 0) return
  for (const field of form.elements) {
    if (!field.name || field.type === 'hidden' || field.type === 'submit') continue
    const said = sheet.fields.filter(([name]) => name === field.name).map(([, value]) => value)
    if (isMark(field)) field.checked = said.includes(field.value)
    else field.value = said[0] ?? ''
  }
}

const patience = () => AbortSignal.timeout?.(PATIENCE)

/** Whether the server could not say yet what becomes of a sheet. */
const later = (answer) => answer.status >= 500 || answer.status === 429

/** Sends a sheet with the token that forms have now: how it stands then. */
const sent = async (sheet) => {
  try {
    const page = await fetch(sheet.address, { cache: 'no-store', signal: patience() })
    if (later(page)) return { standing: 'queued' }
    const now = parsed(await page.text())
    if (now.body.dataset.sheetsOf !== sheet.who) return { standing: 'signed-out' }
    const token = now.querySelector('[name="token"]').value
    const body = new URLSearchParams([...sheet.fields, ['key', sheet.key], ['token', token]])
    const answer = await fetch(sheet.action, { method: 'POST', body, signal: patience() })
    if (later(answer)) return { standing: 'queued' }
    const told = parsed(await answer.text())
    if (answer.ok && new URL(answer.url).searchParams.has('done'))
      return { standing: 'sent', address: answer.url }
    return { standing: 'refused', refusal: refusal(told), key: keyIn(told, sheet) }
  } catch {
    // Without a network nothing has changed that we know of; the same is sent again.
    return { standing: 'queued' }
  }
}

/** The number of the next attempt, which is another only where the server says so. */
const keyIn = (page, { sheet, key }) =>
  page.querySelector(`form[data-sheet="${sheet}"] [name="key"]`)?.value ?? key

/** What a page says of why nothing was recorded: lines, some with a place on the page. */
const refusal = (page) => {
  page.querySelectorAll('br').forEach((br) => br.replaceWith(' '))
  const summary = page.querySelector('.govuk-error-summary__body')
  const lines = summary
    ? summary.querySelectorAll('p:not(.small), a')
    : page.querySelectorAll('main :is(h1, li, p:not(.act))')
  return [...lines].map((line) => [line.textContent.trim(), line.getAttribute('href')])
}

/** A box that says how a sheet stands, and what can be done with it. */
const newBox = (acts) => {
  const template = document.querySelector('template[data-sheet-box]')
  const box = template.content.firstElementChild.cloneNode(true)
  for (const button of box.querySelectorAll('[data-do]'))
    button.addEventListener('click', () => acts[button.dataset.do]())
  return box
}

const show = (box, standing, { refusal: lines = [], words = [], address = '' } = {}) => {
  for (const part of box.querySelectorAll('[data-when]'))
    part.hidden = !part.dataset.when.split(' ').includes(standing)
  box.querySelector('[data-sheet-refusal]').replaceChildren(...lines.map(lineOf))
  const door = box.querySelector('[data-sheet-sign-in]')
  const [way] = door.getAttribute('href').split('?')
  door.setAttribute('href', `${way}?then=${encodeURIComponent(address)}`)
  const list = box.querySelector('[data-sheet-written]')
  list.hidden = words.length === 0
  list.replaceChildren(...words.map(rowOf))
}

const made = (name, text) => Object.assign(document.createElement(name), { textContent: text })

const lineOf = ([text, href]) => {
  const line = document.createElement('li')
  // A refusal may point at a field, which stands on the page of the sheet alone.
  const there = href?.startsWith('#') && document.getElementById(href.slice(1))
  line.append(there ? Object.assign(made('a', text), { href }) : text)
  return line
}

const rowOf = ([title, text]) => {
  const row = document.createElement('div')
  row.append(made('dt', title), made('dd', text))
  return row
}

/** The forms of this page that can be taken along, by the sheet they are. */
const forms = new Map()
/** What was sent from this page and stands on no form of it. */
const gone = []

/** Shows how every sheet stands: in its form, and otherwise in the list of this device. */
const draw = async () => {
  const others = []
  for (const sheet of await own()) {
    const here = forms.get(sheet.sheet)
    if (here) here.show(sheet)
    else others.push(sheet)
  }
  const list = document.querySelector('[data-sheets-list]')
  list.replaceChildren(...[...gone, ...others].map(itemOf))
  document.querySelector('[data-sheets]').hidden = list.children.length === 0
}

const itemOf = (sheet) => {
  const item = document.createElement('li')
  const link = Object.assign(made('a', sheet.title), { href: sheet.address })
  link.className = 'govuk-link'
  const box = newBox({ send: () => sendNow(sheet), discard: () => drop(sheet.sheet).then(draw) })
  // The page of its case is shown, in either language, and has no form of it.
  const at = sheet.address.slice(3) === location.pathname.slice(3)
  const moved = at && sheet.standing === 'typed'
  show(box, moved ? 'moved' : sheet.standing, sheet)
  box.prepend(link)
  item.append(box)
  return item
}

/** Sends one sheet, and keeps what came of it. */
const send = async (sheet) => {
  const came = await sent(sheet)
  if (came.standing !== 'sent') {
    await turn(sheet.sheet, (now) => (now.revision === sheet.revision ? { ...now, ...came } : now))
  } else if (await drop(sheet.sheet, sheet.revision)) {
    if (forms.has(sheet.sheet)) return location.assign(came.address)
    gone.push({ ...sheet, ...came, words: [] })
  }
  return draw()
}

/** Sends what waits; one window at a time, so that none speaks of what another has sent. */
const sendAll = () =>
  navigator.locks.request(PAGES, async () => {
    clearTimeout(again)
    for (const sheet of await own()) if (WAITS.includes(sheet.standing)) await send(sheet)
    const left = (await own()).some(({ standing }) => standing === 'queued')
    if (left) again = setTimeout(sendAll, AGAIN)
  })

let again

const sendNow = async (sheet) => {
  await turn(sheet.sheet, (now) => ({ ...now, standing: 'queued' }))
  await sendAll()
}

/** What becomes of a sheet by what was typed. */
const typing = (typed, standing) => (now) => ({
  ...now,
  ...typed,
  standing,
  refusal: [],
  revision: now.revision + 1,
})

/** Sets up a form that can be taken along. */
const setUp = async (form) => {
  const { sheet, page: address, title } = form.dataset
  const fresh = form.elements.key.value
  const box = newBox({
    take: () => take().catch(() => show(box, 'failed')),
    send: () => sendAll(),
    discard: () => discard(),
  })
  let taken = false
  const shown = (now) => {
    taken = true
    form.elements.key.value = now.key
    show(box, now.standing, { ...now, words: [] })
  }

  async function take() {
    await keepPage(address)
    // Asks the browser to clear other sites first; whether it does is not waited for.
    navigator.storage?.persist?.()
    const action = new URL(form.action).pathname
    const begun = { sheet, address, action, title, key: fresh, revision: 0, standing: 'typed' }
    await begin({ ...begun, ...written(form), refusal: [] })
    await draw()
  }

  async function discard() {
    await drop(sheet)
    taken = false
    form.reset()
    form.elements.key.value = fresh
    show(box, 'offered')
  }

  /** Keeps what the form says now; false where this device does not keep it. */
  async function keep(standing) {
    const typed = written(form)
    try {
      const strike = standing === 'typed' && note(sheet, typed)
      const now = await turn(sheet, typing(typed, standing))
      if (strike) strike()
      taken = Boolean(now)
      // It may have been discarded in another window.
      if (taken) shown(now)
      else show(box, 'offered')
      return taken
    } catch {
      show(box, 'unkept')
      return false
    }
  }

  form.addEventListener('input', () => taken && keep('typed'))
  form.addEventListener('submit', async (event) => {
    if (!taken) return
    event.preventDefault()
    if (await keep('queued')) await sendAll()
    // What is not kept is sent as any form is.
    else form.submit()
  })
  form.querySelector('h2').after(box)
  show(box, 'offered')
  forms.set(sheet, { show: shown })
  const last = noted(sheet)
  const before = last ? await turn(sheet, typing(last.typed, 'typed')) : await named(sheet)
  // Left there, it would be written over whatever becomes of the sheet, each time the page opens.
  last?.strike()
  if (!before) return
  restore(form, before)
  shown(before)
}

/** Keeps the pages of the sheets on this page as they are now; without a network as they were. */
const refresh = async () => {
  for (const sheet of await own())
    if (forms.has(sheet.sheet)) await keepPage(sheet.address).catch(() => {})
  // A sheet may have been recorded meanwhile.
  await keepOwnPages()
}

/** Who signs out leaves nothing on this device, and is asked first where something was not sent. */
const leaveNothing = () => {
  const form = document.querySelector('form[action$="/sign-out"]')
  const dialog = document.querySelector('dialog[data-sheets-leave]')
  const leave = async () => {
    await dropAll()
    form.submit()
  }
  dialog.addEventListener('close', () => dialog.returnValue === 'leave' && leave())
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const unsent = (await own()).some((sheet) => sheet.revision > 0)
    if (unsent) dialog.showModal()
    else await leave()
  })
}

/** Sets field sheets up for whoever may take some along, where the browser can keep them. */
export const sheets = async () => {
  if (!who || !navigator.serviceWorker) return
  try {
    await base()
  } catch {
    // Who lets pages keep nothing takes nothing along.
    return
  }
  leaveNothing()
  await keepOwnPages()
  for (const form of document.querySelectorAll('form[data-sheet]')) await setUp(form)
  await draw()
  addEventListener('online', sendAll)
  await sendAll()
  await refresh()
}
